// Logs to stderr as JSON lines, with customers' data masked; stdout belongs to a command's result.
import pino from "pino";

/** What everybody logs with. */
export type Logger = pino.Logger;

/** A logger at a level. What could name a customer is never written whole. */
export function makeLog(level: string): Logger {
  return pino(
    {
      level,
      base: null,
      redact: {
        paths: [
          "phone",
          "*.phone",
          "name",
          "*.name",
          "text",
          "*.text",
          "words",
          "*.words",
          "password",
          "*.password",
        ],
        censor: "***",
      },
    },
    pino.destination({ fd: 2, sync: true }),
  );
}
