import assert from 'node:assert/strict';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bundle } from '../../build/bundle.ts';
import { packageReplacements } from '../../build/package/package-folder.ts';
import about from '../../package.json' with { type: 'json' };
import { program } from '../support/cluster.ts';
import { kubeLatency, start } from '../support/command.ts';
import { installPackage, type InstalledPackage } from '../support/installed-package.ts';

describe('the npm package, installed from its tarball in an empty folder', function () {
  this.timeout(180_000);
  let installed: InstalledPackage;

  before(async () => {
    installed = await installPackage();
  });
  after(() => installed.remove());

  it('brings no TypeScript and no packages but koffi', async () => {
    const files = await readdir(installed.path, { recursive: true });
    const beside = await readdir(dirname(installed.path));

    assert.deepEqual(
      files.filter((name) => /\.tsx?$|node_modules/.test(name)),
      [],
    );
    assert.deepEqual(
      beside.filter((name) => !name.startsWith('.')),
      ['@koromix', 'koffi', 'kube-latency'],
    );
  });

  it('gives the help that the repository gives', async () => {
    const expected = await kubeLatency(['--help']);
    const { code, stdout, stderr } = await installed.run('kube-latency', ['--help']);

    assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: expected.stdout, stderr: '' });
  });

  it('tells its version', async () => {
    assert.equal((await installed.run('kube-latency', ['--version'])).stdout, `${about.version}\n`);
  });

  for (const args of [['probe'], ['trace', 'last'], ['doctor']])
    it(`says what is missing for ${args.join(' ')} without a cluster`, async () => {
      const none = { KUBECONFIG: undefined, XDG_STATE_HOME: undefined };
      const { code, stderr } = await installed.run('kube-latency', args, none);

      assert.equal(code, 2, stderr);
      assert.match(
        stderr,
        /^kube-latency: no (kubeconfig|backend).*expected .*found (none|neither)$/m,
      );
      assert.equal(stderr.trim().split('\n').length, 1, stderr);
    });

  it('says which Node it needs on one that is too old', async () => {
    const older =
      'data:text/javascript,Object.defineProperty(process,"versions",{value:{node:"22.1.0"}})';
    const launcher = join(installed.path, 'bin/kube-latency.mjs');
    const { code, stderr } = await installed.run(process.execPath, [
      '--import',
      older,
      launcher,
      '--help',
    ]);

    assert.equal(code, 2);
    assert.match(stderr, /^kube-latency: expected Node 24 or later, got 22\.1\.0 \(\//);
  });

  it('is a plugin of kubectl, and says so in its help', async () => {
    const listed = await installed.run(program('kubectl'), ['plugin', 'list']);
    const help = await installed.run(program('kubectl'), ['latency', 'trace', '--help']);

    assert.match(listed.stdout, /\/node_modules\/\.bin\/kubectl-latency$/m);
    assert.equal(help.code, 0, help.stderr);
    assert.match(help.stdout, /^Usage: kubectl latency trace /);
    assert.match(help.stdout, /^ {2}kubectl latency trace last/m);
    assert.doesNotMatch(help.stdout, /^ {2}kube-latency /m);
  });

  for (const { words, expected } of [
    { words: [''], expected: /^explain\tsay where the time .*^:4$/ms },
    { words: ['trace', '--outp'], expected: /^--output\t[^\n]*\n:4$/m },
    { words: ['trace', '--output', 'h'], expected: /^html\n:4$/m },
    { words: ['boot', ''], expected: /^:0$/m },
  ])
    it(`is completed by kubectl behind \`kubectl latency ${words.join(' ')}\``, async () => {
      const kubectl = program('kubectl');
      const asked = await installed.run(kubectl, ['__complete', 'latency', ...words]);

      assert.equal(asked.code, 0, asked.stderr);
      assert.match(asked.stdout, expected);
    });

  it('calls the C library from its programs, through the koffi that npm installed beside it', async () => {
    assert.doesNotMatch(await pingerLog(installed.path), withoutLibrary);
  });

  it('says what it does without where npm left koffi out', async () => {
    const bare = await mkdtemp(join(tmpdir(), 'kube-latency-package-'));
    try {
      await cp(installed.path, join(bare, 'kube-latency'), { recursive: true });

      assert.match(await pingerLog(join(bare, 'kube-latency')), withoutLibrary);
    } finally {
      await rm(bare, { recursive: true });
    }
  });

  it('packs the same programs into an image as the repository', async () => {
    const ours = join(installed.folder, 'image-of-repository');
    const theirs = join(installed.folder, 'image-of-package');
    const packer = join(installed.path, 'dist/packer');
    await bundle(
      'build/image/folder.ts',
      packer,
      // The packer draws no pages.
      Object.fromEntries(
        Object.entries(await packageReplacements()).filter(([path]) => !path.startsWith('cli/')),
      ),
    );
    const made = [
      await installed.run(process.execPath, ['build/image/folder.ts', 'app', ours]),
      await installed.run(process.execPath, [join(packer, 'folder.mjs'), 'app', theirs]),
    ];

    assert.deepEqual(
      made.map(({ code, stderr }) => ({ code, stderr })),
      [
        { code: 0, stderr: '' },
        { code: 0, stderr: '' },
      ],
    );
    const [expected, found] = await Promise.all([contents(ours), contents(theirs)]);
    assert.ok(expected.size > 50);
    assert.deepEqual([...found.keys()], [...expected.keys()]);
    for (const [name, content] of expected) assert.ok(content.equals(found.get(name)!), name);
  });
});

/** Of the responder of UDP, and of probes by TCP, whose stamps are the kernel's. */
const withoutLibrary =
  /not answered: the C library cannot be reached.*probes are not made as asked/s;

/** What the pinger of a package logs until it has started, with koffi where Node finds it from there. */
async function pingerLog(path: string): Promise<string> {
  const config = join(path, 'pinger.yaml');
  await writeFile(
    config,
    'protocols: [tcp]\nresponder: true\nports: { ping: 0, metrics: 0, udp: 0 }\n',
  );
  const entry = join(path, 'dist/image/rtt-pinger/main.mjs');
  const pinger = start(process.execPath, [entry, '--config', config]);
  pinger.child.stderr?.on('data', () => {
    if (pinger.stderr().includes('"started"')) pinger.child.kill('SIGTERM');
  });
  const { code, stderr } = await pinger.finished;
  assert.equal(code, 0, stderr);
  return stderr;
}

/** Files below a folder by their paths in it, sorted. */
async function contents(folder: string): Promise<ReadonlyMap<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  return new Map(
    await Promise.all(
      paths.map(async (path) => [path.slice(folder.length), await readFile(path)] as const),
    ),
  );
}
