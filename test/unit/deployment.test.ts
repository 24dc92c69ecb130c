import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { commandTable } from '../../src/cli/program.ts';
import { ENVIRONMENT_VARIABLES, readConfig } from '../../src/config.ts';
import { problemOf } from '../support/command-lines.ts';

const table = await commandTable();
const isVariable = (name: string) => ENVIRONMENT_VARIABLES.includes(name.replace(/_FILE$/, ''));
const read = (file: string): string => readFileSync(file, 'utf8');

const Container = z.object({
  command: z.array(z.string()),
  livenessProbe: z.object({ httpGet: z.object({ path: z.string() }) }).optional(),
  readinessProbe: z.object({ httpGet: z.object({ path: z.string() }) }).optional(),
  volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string(), readOnly: z.boolean() })),
});
const Deployment = z.object({
  kind: z.literal('Deployment'),
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    replicas: z.number(),
    selector: z.object({ matchLabels: z.object({ app: z.string() }) }),
    template: z.object({
      metadata: z.object({ labels: z.object({ app: z.string() }) }),
      spec: z.object({
        initContainers: z.array(Container),
        containers: z.array(Container),
        volumes: z.array(z.object({ name: z.string(), secret: z.object({ secretName: z.string() }) })),
      }),
    }),
  }),
});

test('the Kubernetes example starts commands that exist, with variables that are read', () => {
  const parts = parseAllDocuments(read('config/examples/kubernetes.yaml')).map((document) => {
    expect('errors' in document ? document.errors : []).toEqual([]);
    return z.looseObject({ kind: z.string() }).parse('toJS' in document ? document.toJS() : null);
  });
  const { data } = z
    .object({ data: z.record(z.string(), z.string()) })
    .parse(parts.find(({ kind }) => kind === 'ConfigMap'));
  const deployments = parts.filter(({ kind }) => kind === 'Deployment').map((part) => Deployment.parse(part));
  const summary = deployments.map(({ metadata, spec }) => {
    const { initContainers, containers, volumes } = spec.template.spec;
    expect(spec.template.metadata.labels.app).toBe(spec.selector.matchLabels.app);
    for (const { command, volumeMounts } of [...initContainers, ...containers]) {
      expect(command.slice(0, 2)).toEqual(['node', 'dist/cli.js']);
      expect(problemOf(table, command.slice(2), true)).toBeNull();
      for (const { name } of volumeMounts) expect(volumes.map((volume) => volume.name)).toContain(name);
    }
    const [only] = containers;
    const line = [initContainers[0]?.command, only?.command].map((words) => words?.slice(2).join(' '));
    return {
      name: metadata.name,
      replicas: spec.replicas,
      line,
      probes: [only?.livenessProbe?.httpGet.path, only?.readinessProbe?.httpGet.path],
    };
  });

  expect(Object.keys(data).filter((name) => !isVariable(name))).toEqual([]);
  expect(summary).toEqual([
    {
      name: 'zcv-server',
      replicas: 2,
      line: ['migrate', 'serve --no-jobs'],
      probes: ['/healthz', '/readyz'],
    },
    {
      name: 'zcv-worker',
      replicas: 4,
      line: ['migrate', 'worker --concurrency 3'],
      probes: [undefined, undefined],
    },
  ]);
  expect(parts.filter(({ kind }) => kind === 'PodDisruptionBudget')).toHaveLength(2);
});

test('secrets of the Kubernetes example lie in its mounted folder, and its plain values are accepted', () => {
  const document = parseAllDocuments(read('config/examples/kubernetes.yaml'))[0];
  const { data } = z
    .object({ data: z.record(z.string(), z.string()) })
    .parse(document && 'toJS' in document ? document.toJS() : null);
  const plain = Object.fromEntries(Object.entries(data).filter(([name]) => !name.endsWith('_FILE')));

  expect(readConfig(plain).server).toMatchObject({ host: '0.0.0.0', trustProxy: true });
  for (const [name, value] of Object.entries(data)) {
    if (name.endsWith('_FILE')) expect(value).toMatch(/^\/run\/secrets\/zcv\/[a-z-]+$/);
  }
});

test('compose keeps the data of PostgreSQL, waits until it answers, and holds no secret', () => {
  const Service = z.object({
    environment: z.record(z.string(), z.string()),
    volumes: z.array(z.string()).optional(),
    restart: z.literal('unless-stopped'),
    depends_on: z.record(z.string(), z.object({ condition: z.string() })).optional(),
    healthcheck: z.object({ test: z.array(z.string()) }),
    ports: z.array(z.string()).optional(),
  });
  const { services, volumes } = z
    .object({ services: z.record(z.string(), Service), volumes: z.record(z.string(), z.null()) })
    .parse(parse(read('compose.yaml')));
  const { service, postgres } = services;

  expect(Object.keys(services)).toEqual(['service', 'postgres']);
  expect(service?.depends_on).toEqual({ postgres: { condition: 'service_healthy' } });
  expect(service?.healthcheck.test.join(' ')).toContain('/healthz');
  expect(service?.ports).toEqual(['127.0.0.1:3000:3000']);
  expect(postgres?.volumes?.map((volume) => volume.split(':')[0])).toEqual(Object.keys(volumes));
  expect(Object.keys(service?.environment ?? {}).filter((name) => !isVariable(name))).toEqual([]);
  for (const one of Object.values(services)) {
    for (const [name, value] of Object.entries(one.environment)) {
      if (/PASSWORD|SECRET|KEYS|DATABASE_URL/.test(name)) expect(value).toMatch(/\$\{\w+:\?/);
    }
  }
});

test('the systemd unit starts a command that exists, hardened, with secrets that it is given as files', () => {
  const lines = read('config/examples/zcv.service').split('\n');
  const of = (key: string) =>
    lines.filter((line) => line.startsWith(`${key}=`)).map((line) => line.slice(key.length + 1));
  const variables = of('Environment').map((pair) => pair.split('=')[0] ?? '');
  const credentials = of('LoadCredential').map((pair) => pair.split(':')[0] ?? '');
  const files = of('Environment').flatMap((pair) => /%d\/(.+)$/.exec(pair)?.[1] ?? []);
  const [, , ...words] = (of('ExecStart')[0] ?? '').split(' ');

  expect(lines.filter((line) => line !== '' && !/^(#|\[\w+\]$|[A-Z]\w+=)/.test(line))).toEqual([]);
  expect(variables.filter((name) => name !== 'NODE_ENV' && !isVariable(name))).toEqual([]);
  expect(files.sort()).toEqual(credentials.sort());
  expect(problemOf(table, words, true)).toBeNull();
  for (const key of ['NoNewPrivileges', 'ProtectHome', 'PrivateTmp', 'RestrictSUIDSGID']) {
    expect(of(key), key).toEqual(['true']);
  }
  expect(of('ProtectSystem')).toEqual(['strict']);
  expect(of('MemoryDenyWriteExecute'), 'V8 makes code at run time').toEqual([]);
});
