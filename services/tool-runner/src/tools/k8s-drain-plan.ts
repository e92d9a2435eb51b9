import { z } from 'zod';
import { nameOf } from '../domain/draft.ts';
import { drainText } from '../domain/drain/plan-text.ts';
import { valueAt } from '../domain/json-pointer.ts';
import * as arg from './args.ts';
import { consentArgs, consentOf } from './drain/consent.ts';
import { readNode } from './drain/read-node.ts';
import { readTool } from './tool.ts';
import { unschedulable } from './write/node.ts';

const args = z.strictObject({ name: arg.name.describe('Name of the node.'), ...consentArgs, cluster: arg.cluster });

export const k8sDrainPlan = readTool({
  name: 'k8s_drain_plan',
  title: 'What a drain would do',
  toolset: 'node',
  description:
    'Which pods a drain of a node would evict, which stay, which are in its way and which disruption budgets hold it up. Changes nothing. Use it before k8s_drain.',
  args,
  read: async (asked, look) => {
    const view = await readNode(asked.name, consentOf(asked), look);
    const { type, object } = view.node;
    const cordoned = valueAt(object, unschedulable) === true;
    return {
      text: drainText(nameOf(type.kind, object.metadata), view, cordoned),
      facts: {
        cordoned,
        toEvict: view.leaving.length,
        inTheWay: view.inTheWay.length + view.ambiguous.length,
        held: view.held.filter(({ allowed, pods }) => allowed < pods).length,
      },
    };
  },
});
