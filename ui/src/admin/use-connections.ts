import { useQuery } from '@tanstack/react-query'
import { type AdapterView, type ConnectionView, listAdapters, listConnections } from '../client.gen.ts'

export interface Partner {
  adapter: AdapterView
  connection: ConnectionView | null
}
async function partners(signal: AbortSignal): Promise<Partner[]> {
  const [adapters, connections] = await Promise.all([listAdapters({}, { signal }), listConnections({}, { signal })])
  return adapters.items.map((adapter) => ({ adapter, connection: connections.items.find(({ adapterId }) => adapterId === adapter.id) ?? null }))
}
/** Every partner that can be connected, with what this clinic has set for it. */
export const usePartners = () => useQuery({ queryKey: ['partners'], queryFn: ({ signal }) => partners(signal), refetchOnWindowFocus: false })
