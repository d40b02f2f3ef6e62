// What axios sends over: sockets of undici's pool. Node's own client, which axios brings, takes half as long again of the
// processor for one call.
import axios, { type AxiosAdapter, AxiosError, type AxiosResponse } from "axios";
import { Pool } from "undici";

/** Sockets to one origin, kept open. */
export interface HttpPool {
  /** for axios: calls that origin alone, follows no redirect, and is bounded by the call's `signal` */
  adapter: AxiosAdapter;
  /** Closes the sockets; calls under way fail. */
  close(): void;
}

export interface HttpPoolOptions {
  sockets: number;
  /** of one answer */
  mostBytes: number;
  /** ms until a socket must be there; UND_ERR_CONNECT_TIMEOUT: nothing has left */
  connectWithin: number;
}

/** Opens a pool. Failures of the network are AxiosErrors with their code, as is an answer that is too long; a call that its
 *  signal ended before it had a socket is never sent. Nothing is sent twice. */
export function httpPool(base: string, { sockets, mostBytes, connectWithin }: HttpPoolOptions): HttpPool {
  const pool = new Pool(new URL(base).origin, {
    ...{ connections: sockets, pipelining: 1, maxResponseSize: mostBytes },
    ...{ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: connectWithin } },
  });
  const adapter: AxiosAdapter = async (config): Promise<AxiosResponse<string>> => {
    const { bytes, type } = await bodyOf(config.data);
    const headers = { ...config.headers.toJSON(true), ...(type && { "Content-Type": type }) };
    const { pathname, search } = new URL(axios.getUri(config));
    const signal = config.signal as AbortSignal | undefined;
    const call = async () => {
      const answer = await pool.request({
        method: config.method?.toUpperCase() as "GET" | "POST",
        path: pathname + search,
        headers: { "User-Agent": "guidepost", ...headers } as Record<string, string>,
        ...{ body: bytes, signal },
      });
      return { status: answer.statusCode, data: await answer.body.text() };
    };
    try {
      return { ...(await unlessEnded(signal, call())), statusText: "", headers: {}, config };
    } catch (error) {
      throw AxiosError.from(error as Error, (error as NodeJS.ErrnoException).code, config);
    }
  };
  return { adapter, close: () => void pool.destroy() };
}

/** The pool hears a signal only once the call has a socket: whoever waits for one is told at once here. */
function unlessEnded<T>(signal: AbortSignal | undefined, work: Promise<T>): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const end = () => reject(signal.reason);
    if (signal.aborted) end();
    signal.addEventListener("abort", end, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", end));
  });
}

/** A form with files as the bytes that go out, and what it calls itself. */
async function bodyOf(data: unknown): Promise<{ bytes: string | Buffer | null; type?: string }> {
  if (!(data instanceof FormData)) return { bytes: (data as string | undefined) ?? null };
  const form = new Response(data);
  const bytes = Buffer.from(await form.arrayBuffer());
  return { bytes, type: form.headers.get("content-type") ?? "" };
}
