import { type Rule, resultsOf } from './talk.ts';
import { nameWord } from './words.ts';
import { summariseWrite } from './written.ts';

const quoted = `['"\`]?(?<name>${nameWord})['"\`]?`;
const patterns = [
  new RegExp(`\\b(?:run|start|trigger)\\s+(?:the |a )?jobs? (?:of|from) (?:the )?(?:cron ?job )?${quoted}`),
  new RegExp(`\\b(?:run|start|trigger)\\s+(?:the )?cron ?job ${quoted}`),
  new RegExp(`\\b(?:run|start|trigger)\\s+(?:the )?${quoted} cron ?job\\b`),
];

/** “run the job of cronjob nightly now”, “trigger the nightly cronjob”. */
export const jobNow: Rule = (talk) => {
  const text = talk.text.toLowerCase();
  const name = patterns.map((pattern) => pattern.exec(text)?.groups?.['name']).find((found) => found !== undefined);
  if (name === undefined || !talk.tools.has('k8s_job_from_cronjob')) return undefined;
  const written = resultsOf(talk, 'k8s_job_from_cronjob').at(-1);
  if (written) return summariseWrite(written, `CronJob \`${name}\` in \`${talk.namespace}\` runs once`);
  return {
    thinking: `The person wants a Job of CronJob ${name} now, beside its schedule. A person has to approve it.`,
    text: `I will start one Job of CronJob \`${name}\` in \`${talk.namespace}\`.`,
    calls: talk.tools.call('k8s_job_from_cronjob', { name, namespace: talk.namespace }),
  };
};
