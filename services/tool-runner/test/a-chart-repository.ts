import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runProgram } from '../src/adapters/run-program.ts';

type ChartFiles = { readonly name: string; readonly version: string; readonly files: Readonly<Record<string, string>> };

const labels = '{app: {{ .Release.Name }}}';
const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: {{ .Release.Name }}, labels: ${labels}}
spec:
  replicas: {{ .Values.replicas }}
  selector: {matchLabels: ${labels}}
  template:
    metadata: {labels: ${labels}}
    spec:
      containers: [{name: web, image: "registry.example/web:{{ .Values.tag }}", args: ["--session={{ .Values.sessionToken }}"]}]
`;
const secret = `apiVersion: v1
kind: Secret
metadata: {name: {{ .Release.Name }}}
stringData: {session: {{ .Values.sessionToken | quote }}}
`;
const config = `apiVersion: v1
kind: ConfigMap
metadata: {name: {{ .Release.Name }}}
data: {greeting: {{ .Values.greeting | quote }}}
`;

/** A small shop front in two versions: the newer one brings a ConfigMap. */
function web(version: string): ChartFiles {
  const newer: Readonly<Record<string, string>> = version === '1.0.0' ? {} : { 'templates/config.yaml': config };
  return {
    name: 'web',
    version,
    files: {
      'Chart.yaml': `apiVersion: v2\nname: web\nversion: ${version}\nappVersion: "2.0"\ndescription: A small shop front\n`,
      'values.yaml': 'replicas: 1\ntag: "2.0"\ngreeting: hello\nsessionToken: chart-default-token\n',
      'README.md': '# web\n\nA small shop front.\n',
      'templates/web.yaml': deployment,
      'templates/secret.yaml': secret,
      'templates/NOTES.txt': 'Session: {{ .Values.sessionToken }}\n',
      ...newer,
    },
  };
}

/** Another one each time it is rendered. */
const moody: ChartFiles = {
  name: 'moody',
  version: '0.1.0',
  files: {
    'Chart.yaml': 'apiVersion: v2\nname: moody\nversion: 0.1.0\n',
    'templates/secret.yaml': `apiVersion: v1
kind: Secret
metadata: {name: {{ .Release.Name }}}
stringData: {word: {{ randAlphaNum 12 | quote }}}
`,
  },
};

/** A chart repository over HTTP, packaged by helm itself. `served` lists what was fetched. */
export async function aChartRepository(program: string) {
  const folder = await mkdtemp(join(tmpdir(), 'skyflo-charts-'));
  const entries: Record<string, object[]> = {};
  for (const chart of [web('1.0.0'), web('1.1.0'), moody]) {
    const digest = await pack(program, folder, chart);
    const { name, version } = chart;
    const entry = { apiVersion: 'v2', name, version, appVersion: '2.0', description: 'A small shop front', digest };
    (entries[name] ??= []).unshift({ ...entry, urls: [`${name}-${version}.tgz`], created: '2026-11-01T00:00:00Z' });
  }
  await writeFile(join(folder, 'index.yaml'), JSON.stringify({ apiVersion: 'v1', entries }));
  const served: string[] = [];
  const server = createServer((request, response) => {
    const file = (request.url ?? '').replace(/^\//, '');
    served.push(file);
    readFile(join(folder, file)).then(
      (bytes) => response.end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    served,
    async close() {
      await new Promise((closed) => server.close(closed));
      await rm(folder, { recursive: true });
    },
  };
}

async function pack(program: string, folder: string, { name, version, files }: ChartFiles): Promise<string> {
  const source = join(folder, 'source', version, name);
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(source, file)), { recursive: true });
    await writeFile(join(source, file), text);
  }
  const bounds = { cwd: folder, env: { HOME: folder }, signal: AbortSignal.timeout(60_000), maxBytes: 100_000 };
  const { code, stderr } = await runProgram(program, ['package', `--destination=${folder}`, '--', source], bounds);
  if (code !== 0) throw new Error(stderr);
  return createHash('sha256')
    .update(await readFile(join(folder, `${name}-${version}.tgz`)))
    .digest('hex');
}
