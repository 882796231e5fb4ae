const CELLS = Array.from('0110100000101102');

const CLASS_OF: Readonly<Record<string, string>> = { 0: 'mark-off', 1: 'mark-on', 2: 'mark-odd' };

/** The mark: a small hash, alike but for one cell. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 16 16" aria-hidden="true">
      {CELLS.map((kind, cell) => (
        <rect
          // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its position
          key={cell}
          x={(cell & 3) * 4 + 0.4}
          y={(cell >> 2) * 4 + 0.4}
          width="3.2"
          height="3.2"
          rx="0.5"
          className={CLASS_OF[kind]}
        />
      ))}
    </svg>
  );
}
