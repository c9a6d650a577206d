import Holidays from 'date-holidays'

/**
 * US federal holidays with the days on which they are kept (5 U.S.C. 6103: a Saturday is kept on Friday, a Sunday on Monday). Both count:
 * some payers close on the day itself, some on the day it is kept, and an answer of either day is better asked for again than believed.
 */

// The library's own rule for Veterans Day names no day in its place (2028: Friday, 10 November).
const veteransDay = '11-11 and if sunday then next monday if saturday then previous friday'

let library: Holidays | undefined
/** Made when first asked: most processes never ask. */
function rules(): Holidays {
  if (library) return library
  library = new Holidays('US', { types: ['public'] })
  // `false` takes a rule away; the library's own types do not know that.
  library.setHoliday('11-11', false as unknown as string)
  library.setHoliday(veteransDay, { name: { en: 'Veterans Day' }, type: 'public' })
  return library
}

const yearsMax = 50
const years = new Map<number, readonly string[]>()

/** The days of that year, as `YYYY-MM-DD`, in order. */
export function usFederalHolidays(year: number): readonly string[] {
  const known = years.get(year)
  if (known) return known
  if (years.size >= yearsMax) years.clear()
  const days = [
    ...new Set(
      rules()
        .getHolidays(year)
        .map(({ date }) => date.slice(0, 10)),
    ),
  ].sort()
  years.set(year, days)
  return days
}
