import { type Finding, finding } from './findings.ts'

/**
 * The hub writes no narrative. Where one goes along it is text and nothing else: markup in it is run by whoever shows the chart in a
 * browser, so the one tag is the `div` that FHIR wants around it.
 */
const plainDiv = /^<div xmlns="http:\/\/www\.w3\.org\/1999\/xhtml">(?:[^<&]|&(?:amp|lt|gt|quot|#\d{1,6});)*<\/div>$/

export const checkNarrative = ({ div }: Record<string, unknown>, at: string): Finding[] =>
  typeof div === 'string' && plainDiv.test(div) ? [] : [finding(`${at}.div`, 'narrative')]
