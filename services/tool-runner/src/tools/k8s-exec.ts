import { z } from 'zod';
import { podArgs, runningContainer } from './exec/target.ts';
import { writeTool } from './tool.ts';
import { noPods } from './write/pods.ts';

const args = z.strictObject({
  ...podArgs,
  command: z
    .array(z.string().min(1).max(4_000))
    .min(1)
    .max(64)
    .describe('Program and arguments, one word each: ["ls","-l","/tmp"]. No shell reads them.'),
  timeout_s: z.number().int().min(1).max(300).default(30),
});

export const k8sExec = writeTool({
  name: 'k8s_exec',
  title: 'Run a program in a container',
  toolset: 'debug',
  description:
    'Runs one program in a running container and gives its output and exit code. What it changes cannot be foreseen, so a person approves its exact words first; prefer reading tools. No input, no terminal.',
  args,
  hints: { idempotent: false, destructive: true },
  plan: async (asked, look) => {
    const { type, object, target, container } = await runningContainer(asked, look);
    return {
      type,
      live: object,
      program: { container, command: asked.command, timeoutMs: asked.timeout_s * 1_000 },
      effect: `Run ${shown(asked.command)} in container ${container} of ${target}.`,
      risk: { level: 'high', reasons: ['What a program does inside a container cannot be seen beforehand.'] },
      blastRadius: {
        ...noPods,
        summary: `One program runs in container ${container}; no pod is started or ended by it.`,
      },
      reversible: { possible: false, how: 'What it does is not undone.' },
      warnings: [],
      notKnownYet: ['what the program does and prints'],
      checks: [],
    };
  },
});

/** As JSON, so that spaces and control characters show; whole words are in the plan. */
function shown(command: readonly string[]): string {
  const words = JSON.stringify(command);
  return words.length > 200 ? `${words.slice(0, 200)}…` : words;
}
