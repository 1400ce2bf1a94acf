import type { Flow } from '../../engine/model.ts';
import type { ApiPorts } from '../ports.ts';
import { secretsOf } from '../present.ts';

/** The secret texts of both connections of a flow, to be masked in whatever is shown of it. */
export async function flowSecrets({ connections, connectors }: ApiPorts, flow: Flow | undefined): Promise<string[]> {
  if (!flow) return [];
  const both = await Promise.all([flow.source, flow.target].map((id) => connections.get(flow.tenant, id)));
  return both.flatMap((connection) => {
    const connector = connectors.find(({ name }) => name === connection?.connector);
    return connection && connector ? secretsOf(connection, connector) : [];
  });
}
