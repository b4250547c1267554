import assert from 'node:assert/strict';
import { checkApiServer } from '../../../../../cli/doctor/checks/api-server.ts';
import { checkEtcd } from '../../../../../cli/doctor/checks/etcd.ts';
import {
  hidden,
  seen,
  type ApiServerProcess,
  type Facts,
} from '../../../../../cli/doctor/facts.ts';
import { arrivals, facts, findingOf, levelsOf } from '../facts.ts';

const group = 'system:authenticated';
const plain: Facts['prober'] = {
  ...facts().prober,
  certificate: null,
  user: seen({ name: 'somebody', groups: [group] }),
};

function apiServer(changes: Partial<ApiServerProcess>): Facts['apiServers'] {
  const process = {
    node: 'control-plane',
    version: null,
    flags: new Map([['tracing-config-file', '/t.yaml']]),
    tracing: hidden('its file lies on node control-plane'),
  };
  return seen([{ ...process, ...changes }]);
}

describe('checkApiServer', () => {
  const versions = [
    { version: 'v1.21.0', level: 'problem', found: /cannot trace/ },
    { version: 'v1.26.3', level: 'warning', found: /feature-gates=APIServerTracing=true/ },
    { version: 'v1.32.9', level: 'warning', found: /only links to it$/ },
    { version: 'v1.33.0', level: 'warning', found: /not tested/ },
    { version: 'v1.34.0-eks-1a2b', level: 'ok', found: /join the trace of the prober/ },
  ];
  for (const { version, level, found } of versions) {
    it(`judges version ${version}: ${level}`, () => {
      const finding = findingOf(checkApiServer(facts({ version: seen(version) })), 'version');

      assert.equal(finding.level, level);
      assert.match(finding.found, found);
    });
  }

  it('says how to turn it on where the flag is missing, for the version of the cluster', () => {
    const off = apiServer({ flags: new Map([['etcd-servers', 'x']]) });

    const { level, fix } = findingOf(
      checkApiServer(facts({ apiServers: off, version: seen('v1.31.4') })),
      'tracing',
    );

    assert.equal(level, 'problem');
    assert.match(fix ?? '', /kube-apiserver\.yaml[^]*--tracing-config-file=/);
    assert.match(fix ?? '', /apiserver\.config\.k8s\.io\/v1beta1/);
  });

  it('does not guess what stands in a file that the API does not show', () => {
    const findings = checkApiServer(facts({ apiServers: apiServer({}) }));

    assert.equal(findingOf(findings, 'tracing').level, 'ok');
    assert.equal(findingOf(findings, 'endpoint').level, 'unknown');
    assert.equal(findingOf(findings, 'sampling').level, 'unknown');
  });

  const samplings = [
    { rate: 1_000_000, prober: facts().prober, level: 'ok' },
    { rate: 5000, prober: facts().prober, level: 'warning' },
    { rate: 0, prober: facts().prober, level: 'warning' },
    { rate: 0, prober: plain, level: 'problem' },
  ];
  for (const { rate, prober, level } of samplings) {
    it(`judges a sampling of ${rate} for ${prober === plain ? 'anybody' : 'a member'}: ${level}`, () => {
      const tracing = seen({ endpoint: '127.0.0.1:4317', samplingRatePerMillion: rate });

      const findings = checkApiServer(facts({ prober, apiServers: apiServer({ tracing }) }));

      assert.equal(findingOf(findings, 'sampling').level, level);
    });
  }

  it('warns of gates that the next version does not start with', () => {
    const flags = new Map([
      ['tracing-config-file', '/t.yaml'],
      ['feature-gates', 'A=true,APIServerTracing=true'],
    ]);

    const findings = checkApiServer(facts({ apiServers: apiServer({ flags }) }));

    assert.equal(findingOf(findings, 'feature gates').fix, 'remove APIServerTracing');
  });

  describe('of which no process is seen', () => {
    const managed = { install: 'managed', apiServers: seen([]) } as const;

    it('believes /flagz', () => {
      const on = checkApiServer(facts(managed));
      const flagz = seen(new Map([['tracing-config-file', '']]));
      const off = checkApiServer(facts({ ...managed, flagz }));

      assert.match(findingOf(on, 'tracing').found, /\/etc\/tracing\.yaml, says \/flagz/);
      assert.equal(findingOf(off, 'tracing').level, 'warning');
      assert.match(findingOf(off, 'tracing').fix ?? '', /cannot be changed/);
    });

    it('takes spans that arrive as proof', () => {
      const findings = checkApiServer(facts({ ...managed, flagz: hidden('no') }));

      assert.deepEqual(levelsOf(findings), {
        version: 'ok',
        tracing: 'ok',
        endpoint: 'unknown',
        sampling: 'unknown',
        spans: 'ok',
      });
    });

    it('takes spans that do not arrive as no proof of anything', () => {
      const none = { flagz: hidden('no'), arrivals: arrivals({ apiserver: null }) };

      const findings = checkApiServer(facts({ ...managed, ...none }));

      assert.equal(findingOf(findings, 'tracing').level, 'unknown');
      assert.match(findingOf(findings, 'tracing').found, /the provider runs the control plane/);
      assert.equal(findingOf(findings, 'spans').level, 'unknown');
    });
  });

  it('misses spans of one that samples everything', () => {
    const none = arrivals({ 'apiserver on control-plane': null });

    assert.equal(findingOf(checkApiServer(facts({ arrivals: none })), 'spans').level, 'problem');
  });
});

describe('checkEtcd', () => {
  function etcd(version: string | null, flags: Readonly<Record<string, string>>): Partial<Facts> {
    const process = { node: 'control-plane', version, flags: new Map(Object.entries(flags)) };
    return { etcds: seen([process]) };
  }

  it('says how to turn it on, by the flags of its version', () => {
    const older = findingOf(checkEtcd(facts(etcd('3.5.21-0', { name: 'a' }))), 'tracing');
    const newer = findingOf(checkEtcd(facts(etcd('3.6.5-0', { name: 'a' }))), 'tracing');

    assert.equal(older.level, 'problem');
    assert.match(older.fix ?? '', /--experimental-enable-distributed-tracing=true/);
    assert.match(newer.fix ?? '', /- --enable-distributed-tracing=true/);
  });

  it('knows the flags of 3.5, and warns of them from 3.6 on', () => {
    const flags = {
      'experimental-enable-distributed-tracing': 'true',
      'experimental-distributed-tracing-address': '127.0.0.1:4317',
    };

    const older = checkEtcd(facts(etcd('3.5.33', flags)));
    const newer = checkEtcd(facts(etcd('3.6.14', flags)));

    assert.equal(findingOf(older, 'tracing').level, 'ok');
    assert.equal(findingOf(older, 'endpoint').level, 'ok');
    assert.match(findingOf(newer, 'version').found, /3\.7 refuses to start with/);
  });

  it('does not take a sampling of 0 without a probe for a failure', () => {
    const none = arrivals({ 'etcd on control-plane': null });

    const { level, fix } = findingOf(checkEtcd(facts({ arrivals: none })), 'spans');

    assert.equal(level, 'unknown');
    assert.equal(fix, 'kube-latency probe');
  });

  it('cannot tell what stands in a configuration file of its own', () => {
    const findings = checkEtcd(facts(etcd('3.6.14', { 'config-file': '/etc/etcd.yaml' })));

    assert.equal(findingOf(findings, 'tracing').level, 'unknown');
  });

  it('names the servers of an etcd that runs elsewhere', () => {
    const flagz = seen(new Map([['etcd-servers', 'https://10.1.1.1:2379']]));
    const elsewhere = { etcds: seen([]), apiServers: seen([]), flagz };

    const findings = checkEtcd(facts({ ...elsewhere, arrivals: arrivals({ etcd: null }) }));

    assert.match(findingOf(findings, 'tracing').found, /10\.1\.1\.1:2379/);
  });
});
