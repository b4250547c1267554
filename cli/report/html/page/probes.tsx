import { printable } from '../../../terminal/text.ts';
import type { PhaseTimes, ProbesPart, SlowProbe } from '../../cluster-report.ts';
import { timeAxis, type TimeAxis } from './axis.ts';
import { secondsText } from './seconds-text.ts';

/** The phases of the probes, and the slowest of them. */
export function Probes({ probes, sinceMs, backend, phases, slowest }: ProbesPart) {
  const hours = sinceMs / 3_600_000;
  const read = `${probes} ${probes === 1 ? 'probe' : 'probes'} of the last ${Number(hours.toFixed(2))} h that succeeded, from`;
  const axis = timeAxis(phases.flatMap(({ seconds }) => seconds));
  return (
    <>
      <p class="muted">
        {read} <bdi>{printable(backend)}</bdi>
      </p>
      {phases.length > 0 && (
        <table class="phases">
          <thead>
            <tr>
              <th scope="col">phase</th>
              <th scope="col">probes</th>
              <th scope="col">least</th>
              <th scope="col">median</th>
              <th scope="col">p95</th>
              <th scope="col">most</th>
              <th scope="col" class="strip-head">
                <Ticks axis={axis} />
              </th>
            </tr>
          </thead>
          <tbody>
            {phases.map((phase) => (
              <PhaseRow key={phase.phase} times={phase} axis={axis} />
            ))}
          </tbody>
        </table>
      )}
      {slowest.length > 0 && (
        <>
          <h3>Slowest</h3>
          <ol class="slowest">
            {slowest.map((probe) => (
              <Slow key={probe.traceId} probe={probe} />
            ))}
          </ol>
        </>
      )}
    </>
  );
}

function PhaseRow({ times, axis }: { readonly times: PhaseTimes; readonly axis: TimeAxis }) {
  const { phase, seconds, medianS, p95S } = times;
  const [least, most] = [seconds[0] ?? 0, seconds.at(-1) ?? 0];
  return (
    <tr>
      <th scope="row">{phase}</th>
      <td>{seconds.length}</td>
      {[least, medianS, p95S, most].map((value, index) => (
        <td key={index}>{secondsText(value)}</td>
      ))}
      <td>
        <svg class="strip" aria-hidden="true" preserveAspectRatio="none">
          {axis.ticks.map((tick) => (
            <line key={tick} class="tick" x1={at(axis, tick)} x2={at(axis, tick)} y1="0" y2="20" />
          ))}
          <line class="reach" x1={at(axis, least)} x2={at(axis, most)} y1="10" y2="10" />
          {seconds.map((value, index) => (
            <circle key={index} class="probe" cx={at(axis, value)} cy="10" r="3" />
          ))}
          <line class="median" x1={at(axis, medianS)} x2={at(axis, medianS)} y1="2" y2="18" />
          <line class="p95" x1={at(axis, p95S)} x2={at(axis, p95S)} y1="2" y2="18" />
        </svg>
      </td>
    </tr>
  );
}

function Ticks({ axis }: { readonly axis: TimeAxis }) {
  return (
    <span class="ticks">
      {axis.ticks.slice(0, -1).map((tick) => (
        <span key={tick} style={{ left: at(axis, tick) }}>
          {secondsText(tick)}
        </span>
      ))}
    </span>
  );
}

function Slow({ probe }: { readonly probe: SlowProbe }) {
  const { traceId, url, seconds, verdict } = probe;
  return (
    <li>
      <strong>{secondsText(seconds)}</strong>{' '}
      <bdi>
        {verdict === null ? 'its trace does not tell where the time went' : printable(verdict)}
      </bdi>{' '}
      <a href={url}>
        <code>{traceId}</code>
      </a>
    </li>
  );
}

function at({ placeOf }: TimeAxis, seconds: number): string {
  return `${placeOf(seconds).toFixed(2)}%`;
}
