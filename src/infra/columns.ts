// How entity columns turn driver values into plain numbers.
import type { ValueTransformer } from "typeorm";

/** BIGINT and DECIMAL come as text from TypeORM; ours all fit a JavaScript number (< 2^53). */
export const plainNumber: ValueTransformer = {
  to: (value: number | null | undefined) => value,
  from: (value: string | number | null) => (value === null || value === undefined ? null : Number(value)),
};
