// The thread that learns: it names nothing but the rules, so that it begins at once.
import { parentPort, workerData } from "node:worker_threads";
import { type Lesson, learn } from "./learned.js";

parentPort?.postMessage(learn(workerData as Lesson));
