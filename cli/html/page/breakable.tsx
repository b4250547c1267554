/** A long name that may go on in the next line after a slash or a dot. */
export function Breakable({ text }: { readonly text: string }) {
  return (
    <bdi>
      {text.split(/(?<=[/.])/).map((part, place) => (
        <span key={place}>
          {part}
          <wbr />
        </span>
      ))}
    </bdi>
  );
}
