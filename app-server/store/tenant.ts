import { type Platform, type Tenant, tenantOf } from '../engine/model.ts';

/** The platform's own id of a tenant's shop; `undefined` when the tenant is of another platform. */
export function platformId(tenant: Tenant, platform: Platform): string | undefined {
  const prefix = tenantOf(platform, '');
  return tenant.startsWith(prefix) ? tenant.slice(prefix.length) : undefined;
}
