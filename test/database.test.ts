// The schema: migrations run on both databases, and entities name exactly the columns that exist.
import { createConnection } from "mysql2/promise";
import { DataSource } from "typeorm";
import { connection } from "../src/database.js";
import { freshDatabase, kindsHere, type TestDatabase } from "./support/databases.js";
import { copyMysql, readySchema } from "./support/ready-made.js";

describe.each(kindsHere())("schema on %s", (kind) => {
  let database: TestDatabase;
  let source: DataSource;
  beforeEach(async () => {
    database = await freshDatabase(kind, undefined, { bare: true });
  });
  afterEach(async () => {
    await source?.destroy();
    await database.drop();
  });

  test("entities and tables agree column by column, and migrations undo", async () => {
    await database.open();
    source = await new DataSource(connection(database.url)).initialize();
    const runner = source.createQueryRunner();
    const differences: string[] = [];
    for (const entity of source.entityMetadatas) {
      const table = await runner.getTable(entity.tableName);
      const there = (table?.columns ?? []).map((c) => `${c.name}${c.isNullable ? "?" : ""}`).sort();
      const named = entity.columns.map((c) => `${c.databaseName}${c.isNullable ? "?" : ""}`).sort();
      if (there.join() !== named.join())
        differences.push(`${entity.tableName}: table ${there} entity ${named}`);
    }
    await runner.release();
    expect(differences).toEqual([]);
    for (let i = 0; i < source.migrations.length; i++)
      await source.undoLastMigration({ transaction: "none" });
    expect(await source.query("SELECT * FROM migration")).toEqual([]);
  });
});

const server = process.env.GUIDEPOST_TEST_MYSQL;
(server ? test : test.skip)(
  "what another process makes on mysql is waited for, and never dropped",
  async () => {
    const other = await createConnection(server ?? "");
    try {
      await other.query("SELECT GET_LOCK(?, 60)", [readySchema()]);
      await expect(copyMysql(server ?? "", "guidepost_nowhere", 1)).rejects.toThrow(
        `${readySchema()} for more`,
      );
    } finally {
      await other.end();
    }
  },
);
