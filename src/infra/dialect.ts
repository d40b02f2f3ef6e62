// The few places where SQLite and MySQL do not say the same thing the same way.

/** Which of the two databases answers. `mysql` stands for MySQL 8, MariaDB 10.6+ and TiDB. */
export type DialectName = "sqlite" | "mysql";

/** The words that differ between the two databases; everything else is written once. */
export interface Dialect {
  readonly name: DialectName;
  /** `INSERT IGNORE` / `INSERT OR IGNORE`: an existing key is left alone. */
  readonly insertIgnore: string;
  /** Row lock for a read inside a transaction; SQLite's transactions are alone already. */
  readonly forUpdate: string;
  /** The tail of an upsert: `key` columns decide, `set` columns take the new values. */
  onConflict(key: readonly string[], set: readonly string[]): string;
  /** A join that keeps its order. Databases reorder by statistics, which a table that has just grown does not have yet,
   *  and a temporary one never: they then begin with all of a day. */
  readonly thenJoin: string;
  /** After a table's name: use this index. MySQL reckons lists of more than 200 values by statistics, which in a table
   *  that has just grown are those of an empty one, and then reads all of it. */
  force(index: string): string;
  /** Most parameters one statement should carry. */
  readonly maxParams: number;
  /** Transactions worth having under way at once by one long write. */
  readonly writers: number;
}

const sqlite: Dialect = {
  name: "sqlite",
  insertIgnore: "INSERT OR IGNORE",
  forUpdate: "",
  onConflict: (key, set) =>
    ` ON CONFLICT(${key.join(", ")}) DO UPDATE SET ${set.map((c) => `${c} = excluded.${c}`).join(", ")}`,
  thenJoin: "CROSS JOIN",
  force: () => "",
  maxParams: 30_000,
  writers: 1,
};

const mysql: Dialect = {
  name: "mysql",
  insertIgnore: "INSERT IGNORE",
  forUpdate: " FOR UPDATE",
  onConflict: (_key, set) => ` ON DUPLICATE KEY UPDATE ${set.map((c) => `${c} = VALUES(${c})`).join(", ")}`,
  thenJoin: "STRAIGHT_JOIN",
  force: (index) => ` FORCE INDEX (${index})`,
  maxParams: 60_000,
  // one is prepared here while the other is worked off there
  writers: 2,
};

/** The dialect of a database. */
export function dialectOf(name: DialectName): Dialect {
  return name === "sqlite" ? sqlite : mysql;
}

/** Column types for migrations, by database. Dates are shop days, instants epoch ms. */
export interface ColumnTypes {
  /** small surrogate key */
  id: string;
  /** surrogate key of the tables that grow every day */
  bigId: string;
  int: string;
  big: string;
  date: string;
  text: string;
  longText: string;
  /** bytes, at most 16 MB */
  blob: string;
  /** text of at most n characters, compared byte by byte */
  str(n: number): string;
  /** a short word of ASCII letters such as a state or kind */
  word(n: number): string;
  /** end of a CREATE TABLE */
  end: string;
  /** the same, of a table whose rows lie in the order of its primary key */
  endByKey: string;
}

/** Column types for one database. */
export function columnTypes(name: DialectName): ColumnTypes {
  if (name === "sqlite") {
    const text = () => "TEXT";
    return {
      id: "INTEGER NOT NULL PRIMARY KEY",
      bigId: "INTEGER NOT NULL PRIMARY KEY",
      int: "INTEGER",
      big: "INTEGER",
      date: "TEXT",
      text: "TEXT",
      longText: "TEXT",
      blob: "BLOB",
      str: text,
      word: text,
      end: "",
      endByKey: " WITHOUT ROWID",
    };
  }
  const end = " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin";
  return {
    id: "INT NOT NULL AUTO_INCREMENT PRIMARY KEY",
    bigId: "BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY",
    int: "INT",
    big: "BIGINT",
    date: "DATE",
    text: "TEXT",
    longText: "MEDIUMTEXT",
    blob: "MEDIUMBLOB",
    str: (n) => `VARCHAR(${n})`,
    word: (n) => `VARCHAR(${n}) CHARACTER SET ascii COLLATE ascii_bin`,
    end,
    endByKey: end,
  };
}

const listed = new Map<number, string>();
/** Longer lists are too rare to be remembered. */
const LISTED = 512;

/** `?, ?, ?` for n parameters. */
export function marks(n: number): string {
  const known = listed.get(n);
  if (known !== undefined) return known;
  const made = Array.from({ length: n }, () => "?").join(", ");
  if (n <= LISTED) listed.set(n, made);
  return made;
}

const madeMarks = new Map<number, string>();

/** `(?, ?), (?, ?)` for rows of `width` parameters. The same text is made once: writers ask for it a thousand times. */
export function rowMarks(rows: number, width: number): string {
  const key = rows * 1000 + width;
  const known = madeMarks.get(key);
  if (known) return known;
  const one = `(${marks(width)})`;
  const made = Array.from({ length: rows }, () => one).join(", ");
  if (madeMarks.size >= 200) madeMarks.clear();
  madeMarks.set(key, made);
  return made;
}
