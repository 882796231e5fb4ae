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

/** A table that scrolls sideways by itself where the page is narrow. */
export function table({ caption, columns, rows }: Table): Markup {
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
