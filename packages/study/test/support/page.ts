import { SaxesParser } from 'saxes';

/** What a strict XML parser finds on the page. */
export interface Page {
  /** Names of all elements in order. */
  readonly elements: readonly string[];
  readonly attributes: readonly { readonly element: string; name: string; value: string }[];
  /** All text outside of the style sheet, with its entities resolved. */
  readonly text: string;
  readonly style: string;
}

/** @throws Error at the first thing that is not well-formed. */
export function parsePage(html: string): Page {
  const elements: string[] = [];
  const attributes: { element: string; name: string; value: string }[] = [];
  let text = '';
  let style = '';
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', (tag) => {
    elements.push(tag.name);
    for (const [name, value] of Object.entries(tag.attributes)) {
      attributes.push({ element: tag.name, name, value: String(value) });
    }
  });
  parser.on('text', (piece) => {
    if (elements.at(-1) === 'style' && style === '') style = piece;
    else text += piece;
  });
  parser.write(html).close();
  return { elements, attributes, text, style };
}

export function valuesOf(page: Page, name: string): string[] {
  return page.attributes.filter((one) => one.name === name).map((one) => one.value);
}
