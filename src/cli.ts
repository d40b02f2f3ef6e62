// guidepost: the command line. Results go to stdout, everything else to stderr; a refusal ends with exit code 2.
import { Command, CommanderError } from "commander";
import { addAudienceCommands } from "./cli/audiences.js";
import { addCalendarCommands } from "./cli/calendar.js";
import { addContactWayCommands } from "./cli/contact-ways.js";
import { addContactCommands } from "./cli/contacts.js";
import { addCustomerCommands } from "./cli/customers.js";
import { addExperimentCommands } from "./cli/experiments.js";
import { addExplainCommand } from "./cli/explain.js";
import { addForecastCommand } from "./cli/forecast.js";
import { addHouseCommands } from "./cli/house.js";
import { addIdentityCommands } from "./cli/identities.js";
import { addJourneyCommands } from "./cli/journeys.js";
import { addModelCommands } from "./cli/models.js";
import { addOneoffCommands } from "./cli/oneoffs.js";
import { addPeopleCommands } from "./cli/people.js";
import { addReplyWordCommands } from "./cli/reply-words.js";
import { addReportCommands } from "./cli/reports.js";
import { addStatisticsCommand } from "./cli/statistics.js";
import { Refusal, sayFault } from "./kernel/refusals.js";

const REFUSED = 2;

const program = new Command("guidepost")
  .description("导购任务平台：从客户的日子，到导购的跟进，到大区的回复率")
  .exitOverride()
  .configureOutput({ writeErr: (text) => process.stderr.write(text) });

addHouseCommands(program);
addCustomerCommands(program);
addIdentityCommands(program);
addCalendarCommands(program);
addPeopleCommands(program);
addContactCommands(program);
addContactWayCommands(program);
addJourneyCommands(program);
addAudienceCommands(program);
addOneoffCommands(program);
addReplyWordCommands(program);
addReportCommands(program);
addStatisticsCommand(program);
addExperimentCommands(program);
addExplainCommand(program);
addForecastCommand(program);
addModelCommands(program);

// whoever reads us (head, less) may have had enough
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = say(error);
}

/** Says what went wrong and gives the exit code: 2 for a refusal or wrong arguments, 1 for a fault of ours. */
function say(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : REFUSED;
  if (error instanceof Refusal) {
    process.stderr.write(
      `${[error.message, ...error.faults.map((fault) => `  ${sayFault(fault)}`)].join("\n")}\n`,
    );
    return REFUSED;
  }
  const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`guidepost failed: ${words}\n`);
  return 1;
}
