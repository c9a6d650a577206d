import { generateRunbooks } from '@heliox/adapters/runbook'
import { openApiDocument } from '@heliox/api/openapi'
import { generate as generateFlows } from '@heliox/flows/gen'
import { generate as generateNodes } from '@heliox/nodes/gen'
import { generate as generateClient } from '@heliox/ui/gen'

/** Every generated file of the repository: path from the root -> content. Order matters once: the client is made from the document. */
export async function generated(): Promise<Record<string, string>> {
  return {
    ...generateRunbooks(),
    ...generateNodes(),
    ...generateFlows(),
    'api/openapi.json': `${JSON.stringify(openApiDocument(), null, 2)}\n`,
    ...(await generateClient()),
  }
}
