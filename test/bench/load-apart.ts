// Requests from a process of its own: sockets kept open, each asking again as soon as it was answered.
import { connect } from "node:net";
import { perform } from "./remote.js";

/** What so many requests took, and how often each status was answered. */
export interface Load {
  ms: number;
  statuses: Record<string, number>;
}

perform({
  /** POSTs every body to its path, `width` at once. */
  post: async (
    port: number,
    requests: readonly { path: string; body: Buffer }[],
    headers: string,
    width: number,
  ) => {
    const rest = requests.map(({ path, body }) => whole(path, body, headers)).values();
    const statuses: Record<string, number> = {};
    const start = process.hrtime.bigint();
    await Promise.all(Array.from({ length: width }, () => lane(port, rest, statuses)));
    return { ms: Number(process.hrtime.bigint() - start) / 1e6, statuses };
  },
});

function whole(path: string, body: Buffer, headers: string): Buffer {
  const head = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${headers}Content-Length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

function lane(port: number, rest: Iterator<Buffer>, statuses: Record<string, number>): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    let heard = "";
    const ask = () => {
      const next = rest.next();
      if (next.done) socket.end(resolve);
      else socket.write(next.value);
    };
    socket.setEncoding("latin1");
    socket.on("data", (piece) => {
      heard += piece;
      const length = lengthOf(heard);
      if (length === undefined || heard.length < length) return;
      const status = heard.slice(9, 12);
      statuses[status] = (statuses[status] ?? 0) + 1;
      heard = heard.slice(length);
      ask();
    });
    socket.on("error", reject);
    socket.on("connect", ask);
  });
}

/** Bytes of the whole first answer; undefined while its head is not there. */
function lengthOf(heard: string): number | undefined {
  const end = heard.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const head = heard.slice(0, end + 2);
  const said = /\r\ncontent-length: (\d+)\r\n/i.exec(head)?.[1];
  if (said !== undefined) return end + 4 + Number(said);
  if (!/\r\ntransfer-encoding: chunked\r\n/i.test(head)) return end + 4;
  const last = heard.indexOf("0\r\n\r\n", end);
  return last < 0 ? undefined : last + 5;
}
