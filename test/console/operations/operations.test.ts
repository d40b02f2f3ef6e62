// The jobs' page calls every timed job by the name the schedule gives it.
import { JOB_TITLES } from "../../../src/console/operations/job-titles.js";
import { loadConfig } from "../../../src/infra/config.js";
import { jobsOf } from "../../../src/schedule/jobs.js";
import type { Services } from "../../../src/wire.js";

it("names them all", () => {
  const jobs = jobsOf({ passes: {} as Services["passes"], config: loadConfig({}) });
  expect(Object.keys(JOB_TITLES).sort()).toEqual(jobs.map(({ name }) => name).sort());
});
