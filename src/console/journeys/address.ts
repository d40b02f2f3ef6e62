// What an address of the editor names.
import type { Web } from "../../infra/web.js";

/** A part of the address. */
export function partOf(ctx: Web, name: string): string {
  return (ctx.params as Record<string, string>)[name] ?? "";
}
