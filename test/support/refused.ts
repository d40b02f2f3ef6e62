// What a reader of files or values refuses, for tests.
import { type Fault, Refusal } from "../../src/kernel/refusals.js";

/** The faults that some work is refused for; none: it went through. Whatever else it raises is raised. */
export function refusedFor(work: () => unknown): readonly Fault[] {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal) return error.faults;
    throw error;
  }
  return [];
}
