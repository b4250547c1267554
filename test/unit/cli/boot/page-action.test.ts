import assert from 'node:assert/strict';
import { pageData } from '../../../../cli/boot/html/page-data.ts';
import { pageKey, rowKey } from '../../../../cli/boot/html/page/keys.ts';
import { reduce, type PageAction } from '../../../../cli/boot/html/page/page-action.ts';
import { firstState, shownRows } from '../../../../cli/boot/html/page/page-state.ts';
import { bootRecord } from '../../../support/boot-record.ts';

const data = pageData(bootRecord());

const after = (...actions: readonly PageAction[]) =>
  actions.reduce((state, action) => reduce(data, state, action), firstState(data));

const names = (...actions: readonly PageAction[]) =>
  shownRows(data, after(...actions).filter).map(({ name }) => name);

const filter = (text: string): PageAction => ({ kind: 'filter', filter: { text } });

describe('what the page of a boot is drawn from', () => {
  it('has every event and every part that took time, and what is missing', () => {
    assert.deepEqual(
      data.rows.map(({ kind, name, told }) => `${kind} ${name} ${told}`).slice(0, 3),
      ['event VM Initialized 0 s', 'event Pod Created 2 s', 'event Network Start 3 s'],
    );
    assert.ok(
      data.rows.some(({ kind, name }) => kind === 'span' && name === 'unit#broken.service'),
    );
    assert.deepEqual(
      data.missing.map(({ name }) => name),
      ['Instance Pending', 'Network Plugin Ready'],
    );
    assert.deepEqual([data.took, data.complete, data.lengthNs], ['25.0 s', true, 27.25e9]);
  });

  it('draws no more events than can be told apart', () => {
    const occurrences = Array.from({ length: 1500 }, (_, index) => ({
      event: 'kube_apiserver_throttled',
      source: 'Messages',
      atUnixNs: BigInt(index),
      precisionNs: 1,
    }));

    const many = pageData(bootRecord([], { occurrences, activities: [] }));

    assert.deepEqual([many.rows.length, many.leftOut], [1000, 500]);
  });
});

describe('the page of a boot', () => {
  it('narrows to rows whose name or details have all the words', () => {
    assert.deepEqual(names(filter('Kubelet source=messages metric')), [
      'Kubelet Start',
      'Kubelet Initialized',
      'Kubelet Registered',
    ]);
    assert.deepEqual(names(filter('source=K8s default/web pod')), [
      'Pod Created',
      'Pod Scheduled',
      'Pod Ready',
    ]);
    assert.match(after(filter('containerd initialized')).notice, /^2 of \d+ rows$/);
  });

  it('narrows to what the end waited for, and the ends', () => {
    const critical = names({ kind: 'filter', filter: { criticalOnly: true } });

    assert.deepEqual(critical.slice(0, 3), ['Node Ready', 'Pod Ready', 'kernel']);
    assert.ok(!critical.includes('unit#broken.service'));
  });

  it('moves among the rows that are shown, and says where it is', () => {
    const state = after(filter('pod'), { kind: 'move', to: 'last' }, { kind: 'move', to: 'next' });
    const first = after({ kind: 'move', to: 'page-down' }, { kind: 'move', to: 'first' });

    assert.match(state.notice, /^first-pod, 7 s long$/);
    assert.deepEqual([first.selected, first.notice], [0, 'VM Initialized, at 0 s']);
  });

  it('zooms to a row and back to the whole', () => {
    const place = data.rows.findIndex(({ name }) => name === 'ready');
    const near = after({ kind: 'select', place }, { kind: 'zoom-to-row' });

    assert.deepEqual(near.window, { fromNs: 5.5e9, toNs: 20.5e9 });
    assert.deepEqual(reduce(data, near, { kind: 'whole' }).window, { fromNs: 0, toNs: 27.25e9 });
  });

  it('does nothing where there is no row', () => {
    const empty = after(filter('no such row'));

    for (const action of [{ kind: 'move', to: 'next' }, { kind: 'zoom-to-row' }] as const)
      assert.equal(reduce(data, empty, action), empty);
  });

  it('has a key for each of its buttons', () => {
    const state = firstState(data);
    const press = (key: string) => pageKey({ key, shiftKey: false }, state);

    assert.deepEqual(press('c'), { kind: 'filter', filter: { criticalOnly: true } });
    assert.deepEqual(
      [press('m'), press('0'), press('/')],
      [{ kind: 'comments' }, { kind: 'whole' }, 'focus-filter'],
    );
    assert.deepEqual(rowKey({ key: 'ArrowDown', shiftKey: false }), { kind: 'move', to: 'next' });
    assert.equal(press('x'), undefined);
  });
});
