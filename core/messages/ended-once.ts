/**
 * A sentence ends once. What is put into it may end with a point of its own ("9:20 a. m.", "Lakeside Inc."), and needs no second one. Three and
 * more are somebody's ellipsis.
 */
export const endedOnce = (text: string): string => text.replace(/\.{2,}/g, (points) => (points.length === 2 ? '.' : points))
