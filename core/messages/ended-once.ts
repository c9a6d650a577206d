/** A Spanish time ends with a point of its own ("9:20 a.m."): a sentence that ends with it needs no second one. */
export const endedOnce = (text: string): string => text.replace(/\b([ap]\.\s?m\.)\./g, '$1')
