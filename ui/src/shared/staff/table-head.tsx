/** The head of a staff table: stays in sight while the rows scroll. */
export function TableHead({ heads }: { heads: readonly string[] }) {
  return (
    <thead>
      <tr>
        {heads.map((head) => (
          <th key={head} scope="col" className="sticky top-0 z-10 h-9 bg-raised px-3 text-start font-medium first:rounded-tl-lg last:rounded-tr-lg">
            {head}
          </th>
        ))}
      </tr>
    </thead>
  )
}
