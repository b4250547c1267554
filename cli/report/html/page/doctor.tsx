import type { Finding, Level } from '../../../doctor/finding.ts';
import { counted, printable } from '../../../terminal/text.ts';
import type { DoctorPart } from '../../cluster-report.ts';

/** The worst first. */
const levels: readonly Level[] = ['problem', 'warning', 'unknown', 'ok'];

/** What doctor found, with the change that is needed; what is well is counted alone. */
export function Doctor({ findings }: DoctorPart) {
  const counts = levels.map((level) => {
    const count = findings.filter((finding) => finding.level === level).length;
    return level === 'problem' || level === 'warning' ? counted(count, level) : `${count} ${level}`;
  });
  const told = levels
    .filter((level) => level !== 'ok')
    .flatMap((level) => findings.filter((finding) => finding.level === level));
  return (
    <>
      <p class="muted">{counts.join(' · ')}</p>
      <ul class="doctor">
        {told.map((finding, index) => (
          <Found key={index} finding={finding} />
        ))}
      </ul>
    </>
  );
}

function Found({ finding }: { readonly finding: Finding }) {
  const { component, node, check, level, found, expected, fix } = finding;
  return (
    <li class={level}>
      <strong>{level}</strong> {component}
      {node !== null && (
        <>
          {' '}
          on <bdi>{printable(node)}</bdi>
        </>
      )}
      : {check}
      <div>
        found <bdi>{printable(found)}</bdi>, expected <bdi>{printable(expected)}</bdi>
      </div>
      {fix !== null && <pre>{fix}</pre>}
    </li>
  );
}
