import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** The board's own screens, from its package. */
export const boardFolder = join(dirname(createRequire(import.meta.url).resolve('@bull-board/ui/package.json')), 'dist')

/**
 * The board's page as we serve it: without its foreign font, without styles in the page (our policy runs nothing inline), with a sheet of
 * ours that hides what our queues cannot do. Throws at start when a newer board no longer has what is cut out here, so that an upgrade
 * cannot bring a foreign request in unseen.
 */
export function boardPage(values: Readonly<Record<string, string>>): string {
  const template = readFileSync(join(boardFolder, 'index.ejs'), 'utf8')
  const page = template
    .replace(/\s*<link href="https:\/\/fonts\.googleapis\.com[^>]*>/, '')
    .replace(/<div id="root">[\s\S]*?<\/style>\s*<\/div>/, '<div id="root"></div>')
    .replace('</head>', '<link href="board.css" rel="stylesheet"></head>')
    .replace(/<%[-=]\s*(\w+)\s*%>/g, (whole, name: string) => values[name] ?? whole)
  const left = /<%|https?:\/\/|style=|<style|\son\w+=/.exec(page)
  if (left || !page.includes('<div id="root"></div>') || !page.includes('href="board.css"')) {
    throw new Error(`the queue board's page is not what it was: ${left?.[0] ?? 'its root or its head'}`)
  }
  return page
}
