// Learning beside the server: a few purchases at once, more of them in a thread of their own.
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { projectRoot } from "../infra/config.js";
import { type Learned, type Lesson, learn } from "./learned.js";

/** Purchases that are learned from in less time than a thread takes to begin. */
const FEW = 500;

/** As the program runs it: tests load sources, which a thread cannot. */
const THREAD = join(projectRoot, ".build/src/models/learning-thread.js");

/** Learns without holding up anybody. */
export function learnApart(lesson: Lesson): Promise<Learned> {
  if (lesson.log.days.length <= FEW) return Promise.resolve(learn(lesson));
  return new Promise((resolve, reject) => {
    const worker = new Worker(THREAD, { workerData: lesson });
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", (code) => {
      if (code !== 0) reject(new Error(`the thread that learns ended with ${code}`));
    });
  });
}
