// The DataSource for TypeORM's own command line and for checking that entities and migrations agree.
import { DataSource } from "typeorm";
import { connection } from "./src/database.js";
import { loadConfig } from "./src/infra/config.js";

export const dataSource = new DataSource(connection(loadConfig().database_url));
