// Learning beside the server: a few purchases at once, more of them in a thread of their own.
import { join } from "node:path";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { projectRoot } from "../infra/config.js";
import { type Learned, type Lesson, learn } from "./learned.js";

/** Purchases that are learned from in less time than a thread takes to begin. */
const FEW = 500;

/** This file as the program runs it: tests load its source, which a thread cannot. */
const BUILT = join(projectRoot, ".build/src/models/learning.js");

/** Learns without holding up anybody. */
export function learnApart(lesson: Lesson): Promise<Learned> {
  if (lesson.log.days.length <= FEW) return Promise.resolve(learn(lesson));
  return new Promise((resolve, reject) => {
    const worker = new Worker(BUILT, { workerData: { lesson } });
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", (code) => {
      if (code !== 0) reject(new Error(`the thread that learns ended with ${code}`));
    });
  });
}

if (!isMainThread && workerData?.lesson) parentPort?.postMessage(learn(workerData.lesson as Lesson));
