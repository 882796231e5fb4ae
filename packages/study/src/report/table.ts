import { type Markup, markup } from './markup.ts';

interface Column {
  readonly head: string | Markup;
  /** Figures stand at the right, so that their digits align. */
  readonly kind: 'words' | 'figures';
}

export function words(head: string | Markup): Column {
  return { head, kind: 'words' };
}

export function figures(head: string | Markup): Column {
  return { head, kind: 'figures' };
}

interface Table {
  readonly caption: string;
  readonly columns: readonly Column[];
  /** The first cell heads its row. */
  readonly rows: readonly (readonly (string | Markup)[])[];
}

/** Columns that A4 has room for. */
const MOST_COLUMNS = 12;

/**
 * A table that scrolls sideways by itself where the page is narrow. One that is too wide for paper
 * goes on below, with the same first column.
 */
export function table({ caption, columns, rows }: Table): Markup {
  const tables: Markup[] = [];
  for (let from = 1; from === 1 || from < columns.length; from += MOST_COLUMNS - 1) {
    const part = <T>(all: readonly T[]) => [
      ...all.slice(0, 1),
      ...all.slice(from, from + MOST_COLUMNS - 1),
    ];
    const name = from === 1 ? caption : `${caption} (continued)`;
    tables.push(onePage({ caption: name, columns: part(columns), rows: rows.map(part) }));
  }
  return markup`${tables}`;
}

function onePage({ caption, columns, rows }: Table): Markup {
  const heads = columns.map(
    ({ head, kind }) => markup`<th scope="col" class="${kind}">${head}</th>`,
  );
  const body = rows.map((row) => {
    const [first = '', ...rest] = row;
    const cells = rest.map(
      (cell, i) => markup`<td class="${columns[i + 1]?.kind ?? 'words'}">${cell}</td>`,
    );
    return markup`<tr><th scope="row" class="${columns[0]?.kind ?? 'words'}">${first}</th>${cells}</tr>
`;
  });
  return markup`<div class="scroll" role="region" tabindex="0" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr>${heads}</tr></thead>
<tbody>
${body}</tbody>
</table></div>
`;
}
