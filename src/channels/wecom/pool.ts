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

/** Opens a pool of at most `sockets`. An answer longer than `mostBytes` is an error, as is any of the network's: an AxiosError
 *  with its code. */
export function httpPool(
  base: string,
  { sockets, mostBytes }: { sockets: number; mostBytes: number },
): HttpPool {
  const { origin } = new URL(base);
  const pool = new Pool(origin, {
    ...{ connections: sockets, pipelining: 1, maxResponseSize: mostBytes },
    ...{ headersTimeout: 0, bodyTimeout: 0 },
  });
  const adapter: AxiosAdapter = async (config): Promise<AxiosResponse<string>> => {
    const { bytes, type } = await bodyOf(config.data);
    const headers = { ...config.headers.toJSON(true), ...(type && { "Content-Type": type }) };
    try {
      const answer = await pool.request({
        method: config.method?.toUpperCase() as "GET" | "POST",
        path: axios.getUri(config).slice(origin.length),
        headers: headers as Record<string, string>,
        body: bytes,
        signal: config.signal as AbortSignal,
      });
      const data = await answer.body.text();
      return { data, status: answer.statusCode, statusText: "", headers: {}, config };
    } catch (error) {
      throw AxiosError.from(error as Error, (error as NodeJS.ErrnoException).code, config);
    }
  };
  return { adapter, close: () => void pool.destroy() };
}

/** A form with files as the bytes that go out, and what it calls itself. */
async function bodyOf(data: unknown): Promise<{ bytes: string | Buffer | null; type?: string }> {
  if (!(data instanceof FormData)) return { bytes: (data as string | undefined) ?? null };
  const form = new Response(data);
  const bytes = Buffer.from(await form.arrayBuffer());
  return { bytes, type: form.headers.get("content-type") ?? "" };
}
