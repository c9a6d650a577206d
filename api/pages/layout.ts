import type { LanguageTag } from '@heliox/core/kit'
import { type Html, html } from './html.ts'

/** The frame of every server-made page: readable without JavaScript, without our fonts, on a 320 px phone. */
export function layout(page: {
  language: LanguageTag
  title: string
  brandColour: string | null
  header: Html
  main: Html
  script: 'status' | 'consents' | null
}): string {
  const brand = /^#[0-9a-f]{6}$/i.test(page.brandColour ?? '') ? (page.brandColour ?? '').slice(1).toLowerCase() : null
  return html`<!doctype html>
<html lang="${page.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${page.title}</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/server-pages/page.css">
${brand ? html`<link rel="stylesheet" href="/server-pages/brand/${brand}.css">` : null}
${page.script ? html`<script type="module" src="/server-pages/${page.script}.js"></script>` : null}
</head>
<body>
<header>${page.header}</header>
<main id="main">${page.main}</main>
</body>
</html>
`.text
}
