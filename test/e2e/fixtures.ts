/** Every shop platform that the end-to-end suites run against. */
import { ecwidFixture } from './ecwid-fixture.ts';
import type { ShopFixture } from './shop-fixture.ts';
import { shopwareFixture } from './shopware-fixture.ts';

export const fixtures: readonly ShopFixture[] = [shopwareFixture, ecwidFixture];
