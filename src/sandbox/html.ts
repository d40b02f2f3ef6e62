// Pieces of HTML for the sandbox's pages: nothing a person wrote becomes markup.
import { shopDayOf, wallTimeOf } from "../kernel/calendar.js";

const beijing = "Asia/Shanghai";
const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A text as HTML. */
export function safe(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** A text of several lines as HTML. */
export function lines(text: string): string {
  return safe(text).replaceAll("\n", "<br>");
}

/** MM-DD HH:MM in Beijing. */
export function timeOf(ms: number): string {
  return `${shopDayOf(ms, beijing).slice(5)} ${wallTimeOf(ms, beijing)}`;
}

/** Only web addresses become links: what the app sends may hold anything. */
export function link(url: string, label: string): string {
  return /^https?:\/\//.test(url)
    ? `<a href="${safe(url)}" target="_blank" rel="noreferrer">${safe(label)}</a>`
    : "";
}

/** A box to type into; what is typed goes to a verb as `text`. */
export function typing(verb: string, hidden: Record<string, string>, placeholder: string): string {
  return `<form data-verb="${verb}" class="typing">${fields(hidden)}<input name="text" required autocomplete="off" placeholder="${placeholder}" aria-label="${placeholder}"><button>发送</button></form>`;
}

/** A button that is a verb. */
export function tap(verb: string, hidden: Record<string, string>, label: string, look = ""): string {
  return `<form data-verb="${verb}" class="tap ${look}">${fields(hidden)}<button>${safe(label)}</button></form>`;
}

/** Hidden fields of a form. */
export function fields(hidden: Record<string, string>): string {
  return Object.entries(hidden)
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${safe(value)}">`)
    .join("");
}
