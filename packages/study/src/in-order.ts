/**
 * What `work` makes of each item, in the items' order, with at most `width` of them under way. Takes
 * no further item while the results wait to be fetched.
 */
export async function* inOrder<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  width: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const underWay: Promise<Result>[] = [];
  for await (const item of items) {
    const result = work(item);
    // One that fails is reported when its turn comes.
    result.catch(() => {});
    underWay.push(result);
    if (underWay.length >= width) yield (await underWay.shift()) as Result;
  }
  for (const result of underWay) yield await result;
}
