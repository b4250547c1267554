import assert from 'node:assert/strict';
import {
  fittingRows,
  noFilter,
  shownRows,
  type SpanFilter,
} from '../../../../../../cli/trace/html/page/span-filter.ts';
import { span } from '../../spans.ts';
import { modelOf } from '../rows.ts';

const failed = { status: { code: 'error', message: 'No such image' } } as const;
const { rows } = modelOf([
  span(1, null, [0, 100], { name: 'prober.main' }),
  span(2, 1, [1, 50], { name: 'syncPod', service: 'kubelet' }),
  span(3, 2, [2, 9], { name: 'PullImage', service: 'containerd', ...failed }),
  span(4, 1, [60, 90], {
    name: 'Create',
    service: 'apiserver',
    attributes: { 'k8s.pod.name': 'Probe-1', 'http.response.status_code': 201 },
  }),
]);

const names = (filter: Partial<SpanFilter>, collapsed: readonly number[] = []) => {
  const fits = fittingRows(rows, { ...noFilter, ...filter });
  return shownRows(rows, fits, new Set(collapsed)).map(
    ({ row, fits: fit, expanded }) =>
      `${fit ? '' : '~'}${row.span.name}${expanded === undefined ? '' : expanded ? ' -' : ' +'}`,
  );
};

describe('the filter of spans', () => {
  const cases: { filter: Partial<SpanFilter>; shows: string[] }[] = [
    { filter: {}, shows: ['prober.main -', 'syncPod -', 'PullImage', 'Create'] },
    { filter: { text: '  ' }, shows: ['prober.main -', 'syncPod -', 'PullImage', 'Create'] },
    { filter: { text: 'pullimage' }, shows: ['~prober.main -', '~syncPod -', 'PullImage'] },
    { filter: { text: 'kubelet' }, shows: ['~prober.main -', 'syncPod'] },
    { filter: { text: 'no such image' }, shows: ['~prober.main -', '~syncPod -', 'PullImage'] },
    { filter: { text: 'k8s.pod.name=probe-1' }, shows: ['~prober.main -', 'Create'] },
    { filter: { text: 'create 201' }, shows: ['~prober.main -', 'Create'] },
    { filter: { text: 'create 404' }, shows: [] },
    { filter: { text: '0000000000000003' }, shows: ['~prober.main -', '~syncPod -', 'PullImage'] },
    { filter: { failedOnly: true }, shows: ['~prober.main -', '~syncPod -', 'PullImage'] },
    {
      filter: { hidden: new Set(['kubelet', 'apiserver']) },
      shows: ['prober.main -', '~syncPod -', 'PullImage'],
    },
    { filter: { hidden: new Set(['containerd']) }, shows: ['prober.main -', 'syncPod', 'Create'] },
  ];
  for (const { filter, shows } of cases) {
    const title = [
      filter.text === undefined ? '' : `text '${filter.text}'`,
      filter.failedOnly === true ? 'only failed' : '',
      filter.hidden === undefined ? '' : `without ${[...filter.hidden].join(', ')}`,
    ].join('');
    it(`shows what fits, and the way to it: ${title === '' ? 'no filter' : title}`, () => {
      assert.deepEqual(names(filter), shows);
    });
  }

  it('shows nothing below a collapsed row', () => {
    assert.deepEqual(names({}, [1]), ['prober.main -', 'syncPod +', 'Create']);
    assert.deepEqual(names({}, [0]), ['prober.main +']);
  });
});
