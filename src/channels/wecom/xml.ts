// The XML of callbacks: one flat element, everything in it text. Nothing in it may define entities.
import { XMLParser } from "fast-xml-parser";
import { CallbackFault } from "./crypto.js";

// numbers stay text: a MsgId has more digits than a number keeps, a text "007" is no 7
const parser = new XMLParser({ ignoreAttributes: true, parseTagValue: false, trimValues: false });

const cdata = /<!\[CDATA\[[\s\S]*?\]\]>/g;

/** The children of <xml>. Throws CallbackFault `xml` for anything else, and for a document that declares a type. */
export function readXml(text: string): Record<string, unknown> {
  // what a person wrote stands in CDATA and may hold anything
  if (text.replace(cdata, "").includes("<!")) throw new CallbackFault("xml", "a document type");
  let document: unknown;
  try {
    document = parser.parse(text, true);
  } catch {
    throw new CallbackFault("xml", "not well-formed XML");
  }
  const root = isElement(document) ? document.xml : undefined;
  if (!isElement(root)) throw new CallbackFault("xml", "no <xml> element with children");
  return root;
}

/** The text of a child; of the first when there are several; "" when it has none. */
export function textOf(child: unknown): string {
  if (typeof child === "string") return child;
  return Array.isArray(child) ? textOf(child[0]) : "";
}

function isElement(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
