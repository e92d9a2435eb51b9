import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { writeStackFile } from './stack-file.ts';
import type { StackFile } from './stack-file.ts';

it('says what runs and where the sandbox is, whole at every moment', () => {
  const folder = mkdtempSync(join(tmpdir(), 'skyflo-stack-file-'));
  const file = join(folder, 'stack.json');
  const first: StackFile = { processes: [], sandbox: null };
  const second: StackFile = {
    processes: [
      { name: 'gateway', pid: 7, port: 4000 },
      { name: 'kube-scheduler', pid: 8, port: null },
    ],
    sandbox: { kubeconfig: '/data/admin.kubeconfig', auditLog: '/data/audit.log' },
  };
  for (const content of [first, second]) {
    writeStackFile(file, content);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(content);
  }
  expect(readdirSync(folder)).toEqual(['stack.json']);
  rmSync(folder, { recursive: true });
});
