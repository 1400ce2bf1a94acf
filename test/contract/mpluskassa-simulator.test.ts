import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type MpluskassaSimulator, startMpluskassa } from '../simulators/mpluskassa/simulator.ts';
import { bodyOf, call, orderXml, paymentXml, type Reply } from './mpluskassa-soap.ts';

let till: MpluskassaSimulator;

beforeEach(async () => {
  till = await startMpluskassa();
});

afterEach(async () => {
  await till.stop();
});

const create = (ext: string, wish = {}): Promise<Reply> => call(till, 'createOrder', orderXml({ ext, ...wish }));
const createV3 = (key: string, order: string, rest = ''): Promise<Reply> =>
  call(till, 'createOrderV3', `<request><idempotencyKey>${key}</idempotencyKey>${order}${rest}</request>`);

describe('the till answers over HTTP as the vendor’s service does', () => {
  it('knows nobody with a wrong secret', async () => {
    const response = await fetch(till.url.replace(/secret=.*/, 'secret=wrong'), { method: 'POST', body: '<x/>' });
    const fault = bodyOf(await response.text());
    expect(response.status).toBe(500);
    expect(fault.children.map((child) => child.text)).toEqual(['SOAP-ENV:Client.Authentication', 'Invalid credentials']);
    expect(till.calls.count()).toBe(0);
  });

  it('refuses GET with 405, but shows its WSDL', async () => {
    expect((await fetch(`${till.host}:${till.port}/`)).status).toBe(405);
    const wsdl = await fetch(`${till.host}:${till.port}/?wsdl`);
    expect(wsdl.headers.get('content-type')).toContain('text/xml');
    expect(await wsdl.text()).toContain('createOrderV3');
  });

  it('faults on what does not fit, and remembers it', async () => {
    const wrong = [
      await call(till, 'makeCoffee'),
      await call(till, 'getOrder', '<orderId>x</orderId><colour>red</colour>'),
      await call(
        till,
        'setStock',
        '<request><articleNumber>1006</articleNumber><branchNumber>1</branchNumber><amount>1</amount></request>',
      ),
      await call(
        till,
        'setStock',
        '<request><branchNumber>1</branchNumber><articleNumber>SKU-1</articleNumber><amount>1</amount></request>',
      ),
      await call(till, 'getProducts', '<request><pluNumbers></pluNumbers><onlyActive></onlyActive></request>'),
      await call(till, 'createOrder', orderXml({ ext: 'W-1', vatMethod: 'STRANGE' })),
    ];
    expect(wrong.map((reply) => [reply.status, reply.at('faultcode')])).toEqual(wrong.map(() => [500, 'SOAP-ENV:Client']));
    expect(till.unexpected).toHaveLength(wrong.length);
    expect(till.orders()).toHaveLength(0);
  });

  it('lets other orders of elements pass when it is not strict', async () => {
    const lenient = await startMpluskassa({ strict: false });
    const reply = await call(
      lenient,
      'setStock',
      '<request><articleNumber>1006</articleNumber><branchNumber>1</branchNumber><amount>7</amount></request>',
    );
    expect(reply.at('result')).toBe('SET-STOCK-RESULT-OK');
    expect(lenient.stock(1006).free).toBe(7);
    await lenient.stop();
  });

  it('does not know new operations when it is an old version', async () => {
    const old = await startMpluskassa({ serviceVersion: [56, 0, 0] });
    const between = await startMpluskassa({ serviceVersion: [60, 0, 0] });
    expect((await call(old, 'getApiVersion')).at('serviceMajorNumber')).toBe('56');
    expect((await call(old, 'findRelationV2', '<request><relation/></request>')).at('faultstring')).toContain('not implemented');
    expect((await call(between, 'getOrdersByExtOrderIds', '<request/>')).status).toBe(500);
    expect((await call(till, 'getOrdersByExtOrderIds', '<request/>')).status).toBe(200);
    await Promise.all([old.stop(), between.stop()]);
  });
});

describe('orders', () => {
  it('are counted with VAT inside the prices, and set stock aside', async () => {
    expect((await create('W-1')).at('result')).toBe('CREATE-ORDER-RESULT-OK');
    const found = await call(till, 'findOrder', '<extOrderId>W-1</extOrderId>');
    expect([found.at('order/totalInclAmount'), found.at('order/totalExclAmount')]).toEqual(['17990', '14868']);
    expect([found.at('order/vatGroupList/vatGroup/vatPercentage'), found.at('order/vatGroupList/vatGroup/vatAmount')]).toEqual([
      '2100',
      '3122',
    ]);
    expect(till.stock(1006)).toMatchObject({ free: 3, reserved: 2 });
    expect(till.order('W-1')?.lines).toHaveLength(1);
  });

  it('get VAT on top when prices are net, and none when it is shifted', async () => {
    await create('W-net', { vatMethod: 'EXCLUSIVE', price: 1000, quantity: 3 });
    await create('W-shifted', { vatMethod: 'SHIFTED', price: 1000, quantity: 3 });
    expect(till.order('W-net')).toMatchObject({ totalExclAmount: 3000, totalInclAmount: 3630 });
    expect(till.order('W-shifted')).toMatchObject({ totalExclAmount: 3000, totalInclAmount: 3000 });
  });

  it('by weight are priced by the gram', async () => {
    await create('W-cheese', { article: 1008, quantity: 530, decimals: 3, price: 1250 });
    expect(till.order('W-cheese')?.totalInclAmount).toBe(663);
    expect(till.stock(1008)).toMatchObject({ free: 11.97, reserved: 0.53 });
    const stock = await call(
      till,
      'getStock',
      '<request><branchNumber>1</branchNumber><articleNumbers><articleNumbers>1008</articleNumbers></articleNumbers></request>',
    );
    expect([stock.at('articleStocks/amountFree'), stock.at('articleStocks/decimalPlacesFree')]).toEqual(['11970', '3']);
  });

  it('are refused with a reason when something is not known to the till', async () => {
    const reasons: [string, object][] = [
      ['Relatie 4', { relation: 4 }],
      ['Artikel 55', { article: 55 }],
      ['Medewerker 7', { employee: 7 }],
      ['Filiaal 9', { branch: 9 }],
      ['Werkplek ontbreekt', { branch: 2 }],
      ['BTW-code 77', { vatCode: 77 }],
    ];
    for (const [reason, wish] of reasons) {
      const reply = await create('W-bad', wish);
      expect(reply.at('result')).toBe('CREATE-ORDER-RESULT-FAILED');
      expect(reply.at('errorMessage')).toContain(reason);
    }
    expect(till.orders()).toHaveLength(0);
  });

  it('keep their shop number for ever, also when cancelled', async () => {
    const first = await create('W-1');
    await call(till, 'cancelOrder', `<orderId>${first.at('info/orderId')}</orderId>`);
    expect((await create('W-1')).at('result')).toBe('CREATE-ORDER-RESULT-EXT-ORDER-ID-ALREADY-EXISTS');
  });

  it('are cancelled by the first call and taken up again by the second', async () => {
    const orderId = (await create('W-1')).at('info/orderId');
    const cancel = `<orderId>${orderId}</orderId>`;
    expect((await call(till, 'cancelOrder', cancel)).at('result')).toBe('CANCEL-ORDER-RESULT-OK');
    expect([till.order('W-1')?.cancelled, till.stock(1006).reserved]).toEqual([true, 0]);
    expect((await call(till, 'cancelOrder', cancel)).at('result')).toBe('CANCEL-ORDER-RESULT-UNDO-CANCEL-OK');
    expect([till.order('W-1')?.cancelled, till.stock(1006).reserved]).toEqual([false, 2]);
    expect((await call(till, 'cancelOrder', '<orderId>none</orderId>')).at('result')).toBe('CANCEL-ORDER-RESULT-NOT-FOUND');
  });

  it('are prepaid without leaving the shelf, and paid in full with delivery and invoice', async () => {
    const orderId = (await create('W-1')).at('info/orderId');
    const pay = (prepay: boolean, payment: string): Promise<Reply> =>
      call(till, 'payOrder', `<request><orderId>${orderId}</orderId><prepay>${prepay}</prepay>${payment}</request>`);
    expect((await pay(true, paymentXml('BARTER', 1))).at('result')).toBe('PAY-ORDER-RESULT-FAILED');
    expect((await pay(true, paymentXml('IDEAL', 17_000))).at('result')).toBe('PAY-ORDER-RESULT-OK');
    expect(till.order('W-1')).toMatchObject({ prepaidAmount: 17_000, fullyPaid: false, delivered: false });
    expect((await pay(false, paymentXml('IDEAL', 989))).at('result')).toBe('PAY-ORDER-RESULT-PAYMENT-INSUFFICIENT');
    const paid = await pay(false, paymentXml('IDEAL', 990));
    expect(paid.at('invoiceId')).toBeTruthy();
    expect(till.order('W-1')).toMatchObject({ fullyPaid: true, delivered: true });
    expect(till.stock(1006)).toMatchObject({ free: 3, reserved: 0 });
    expect((await pay(false, paymentXml('IDEAL', 1))).at('result')).toBe('PAY-ORDER-RESULT-ORDER-ALREADY-INVOICED');
  });

  it('change only for who knows the latest counters', async () => {
    const orderId = (await create('W-1')).at('info/orderId');
    const update = (version: number, reference: string): Promise<Reply> =>
      call(
        till,
        'updateOrder',
        `<order><orderId>${orderId}</orderId><reference>${reference}</reference><changeCounter>${version}</changeCounter><versionNumber>${version}</versionNumber></order>`,
      );
    expect((await update(1, 'first')).at('result')).toBe('UPDATE-ORDER-RESULT-OK');
    expect((await update(1, 'second')).at('result')).toBe('UPDATE-ORDER-RESULT-ORDER-HAS-CHANGED');
    expect((await update(2, 'first')).at('result')).toBe('UPDATE-ORDER-RESULT-NO-CHANGES');
    expect(till.order('W-1')?.reference).toBe('first');
  });

  it('are found by several shop numbers at once', async () => {
    await Promise.all(['A', 'B', 'C'].map((ext) => create(ext)));
    const reply = await call(
      till,
      'getOrdersByExtOrderIds',
      '<request><extOrderIds><id>A</id><id>C</id><id>none</id></extOrderIds></request>',
    );
    expect(reply.count('orderList/order')).toBe(2);
  });
});

describe('an idempotency key', () => {
  it('gives the first answer again and stores one order', async () => {
    const order = orderXml({ ext: 'W-1' });
    const rest = `<prepay>true</prepay>${paymentXml('IDEAL', 17_990)}`;
    const first = await createV3('key-1', order, rest);
    const again = await createV3('key-1', order, rest);
    expect([first.at('idempotencyResult'), again.at('idempotencyResult')]).toEqual([
      'IDEMPOTENCY-RESULT-ORIGINAL-RESPONSE',
      'IDEMPOTENCY-RESULT-REPLAY-RESPONSE',
    ]);
    expect(again.xml.replace('REPLAY', 'ORIGINAL')).toBe(first.xml);
    expect(first.at('payResult')).toBe('PAY-ORDER-RESULT-OK');
    expect(till.orders()).toHaveLength(1);
    expect(till.order('W-1')).toMatchObject({ prepaidAmount: 17_990, fullyPaid: true });
  });

  it('also gives a failure again, after its cause is gone', async () => {
    const order = orderXml({ ext: 'W-2', article: 4321 });
    expect((await createV3('key-2', order)).at('result')).toBe('CREATE-ORDER-RESULT-FAILED');
    till.addArticle({ articleNumber: 4321 });
    const again = await createV3('key-2', order);
    expect([again.at('result'), again.at('idempotencyResult')]).toEqual([
      'CREATE-ORDER-RESULT-FAILED',
      'IDEMPOTENCY-RESULT-REPLAY-RESPONSE',
    ]);
    expect((await createV3('key-3', order)).at('result')).toBe('CREATE-ORDER-RESULT-OK');
  });

  it('stores nothing when the payment method is unknown', async () => {
    const reply = await createV3('key-4', orderXml({ ext: 'W-4' }), `<prepay>true</prepay>${paymentXml('BARTER', 5)}`);
    expect(reply.at('errorMessage')).toContain('BARTER');
    expect(till.orders()).toHaveLength(0);
  });
});

describe('relations', () => {
  it('are found on a part of an address by findRelation, so the wrong one can come back', async () => {
    const reply = await call(till, 'findRelation', '<relation><email>ANN@x.nl</email></relation>');
    expect(reply.at('relation/email')).toBe('joann@x.nl');
  });

  it('are found exactly by findRelationV2', async () => {
    const find = (exact: boolean): Promise<Reply> =>
      call(till, 'findRelationV2', `<request><relation><email>Ann@x.nl</email></relation><exactMatch>${exact}</exactMatch></request>`);
    expect((await find(true)).at('relation/email')).toBe('ann@x.nl');
    expect((await find(false)).at('relation/email')).toBe('joann@x.nl');
  });

  it('are not searched by number', async () => {
    const reply = await call(till, 'findRelation', '<relation><relationNumber>0</relationNumber></relation>');
    expect(reply.at('faultstring')).toContain('Use getRelation instead');
  });

  it('keep what an update leaves out', async () => {
    const number = (await call(till, 'createRelation', '<relation><name>Bo &amp; Co</name><city>Urk</city></relation>')).at(
      'relationNumber',
    );
    await call(till, 'updateRelation', `<relation><relationNumber>${number}</relationNumber><city>Sneek</city></relation>`);
    const reply = await call(till, 'getRelation', `<relationNumber>${number}</relationNumber>`);
    expect([reply.at('relation/name'), reply.at('relation/city')]).toEqual(['Bo & Co', 'Sneek']);
    expect((await call(till, 'createRelation', '<relation><city>Urk</city></relation>')).at('result')).toBe(
      'CREATE-RELATION-RESULT-FAILED',
    );
  });
});

describe('articles and stock', () => {
  it('come in pages that count articles and never split a product', async () => {
    const page = async (from: number): Promise<Reply> =>
      call(till, 'getProducts', `<request><pluNumbers/><syncMarker>${from}</syncMarker><syncMarkerLimit>2</syncMarkerLimit></request>`);
    const first = await page(0);
    expect([first.count('productList/product'), first.count('productList/product/articleList/article')]).toEqual([1, 3]);
    const next = await page(Number(first.at('productList/product/syncMarker')) + 1);
    expect(next.at('productList/product/description')).toBe('Wollen sokken');
    expect((await page(1_000_000)).count('productList/product')).toBe(0);
  });

  it('show only the changed variant, or all its sisters when asked', async () => {
    const marker = till.addArticle({ articleNumber: 1002, priceIncl: 1995 }).syncMarker;
    const ask = (rest: string): Promise<Reply> =>
      call(till, 'getProducts', `<request><pluNumbers/><syncMarker>${marker}</syncMarker>${rest}</request>`);
    expect((await ask('')).count('productList/product/articleList/article')).toBe(1);
    expect(
      (await ask('<includeAllArticlesOfSelectedProducts>true</includeAllArticlesOfSelectedProducts>')).count(
        'productList/product/articleList/article',
      ),
    ).toBe(3);
  });

  it('tell a sale at the counter in the history and in the changed stock', async () => {
    const before = till.stock(1012).stockId;
    till.sell(1012, 3);
    const stock = await call(
      till,
      'getStock',
      `<request><branchNumber>1</branchNumber><articleNumbers/><stockId>${before + 1}</stockId></request>`,
    );
    expect(stock.at('articleStocks/amountFree')).toBe('15');
    const history = await call(till, 'getStockHistoryV2', '<request><branchNumbers>1</branchNumbers></request>');
    expect([history.at('articleStockHistory/amountChanged'), history.at('articleStockHistory/type')]).toEqual([
      '-3',
      'STOCK-HISTORY-TYPE-SALES',
    ]);
  });

  it('have no stock when they are services', async () => {
    const reply = await call(
      till,
      'updateStock',
      '<request><branchNumber>1</branchNumber><articleNumber>9001</articleNumber><amountChanged>1</amountChanged></request>',
    );
    expect(reply.at('result')).toBe('UPDATE-STOCK-RESULT-NO-STOCK-ARTICLE');
  });
});

describe('invoices', () => {
  it('are saved once, move stock, and are paid up to what is open', async () => {
    const invoice = `<invoice><invoiceId></invoiceId><extInvoiceId>I-1</extInvoiceId><employeeNumber>101</employeeNumber><relationNumber>1002</relationNumber><financialBranchNumber>1</financialBranchNumber><vatMethod>VAT-METHOD-INCLUSIVE</vatMethod><lineList><line><articleNumber>1006</articleNumber><data><quantity>-1</quantity><decimalPlaces>0</decimalPlaces><price>8995</price></data></line></lineList></invoice>`;
    const saved = await call(till, 'saveInvoice', invoice);
    expect(saved.at('result')).toBe('SAVE-INVOICE-RESULT-OK');
    expect(till.stock(1006).free).toBe(6);
    expect((await call(till, 'saveInvoice', invoice)).at('result')).toBe('SAVE-INVOICE-RESULT-EXT-INVOICE-ID-ALREADY-EXISTS');
    const pay = (amount: number): Promise<Reply> =>
      call(till, 'payInvoice', `<request><invoiceId>${saved.at('info/invoiceId')}</invoiceId>${paymentXml('IDEAL', amount)}</request>`);
    expect((await pay(-8996)).at('result')).toBe('PAY-INVOICE-RESULT-PAYMENT-TOO-HIGH');
    expect((await pay(-8995)).at('result')).toBe('PAY-INVOICE-RESULT-OK');
    expect((await call(till, 'findInvoice', '<extInvoiceId>I-1</extInvoiceId>')).at('invoice/state')).toBe('INVOICE-STATE-PAID');
  });
});

describe('a till full of articles', () => {
  it('is open within two seconds, and looking at stock changes nothing', async () => {
    const startedAt = process.cpuUsage();
    const full = await startMpluskassa({ articles: 50_000 });
    // Of the processor, so that a busy machine does not count.
    expect(process.cpuUsage(startedAt).user / 1_000).toBeLessThan(2_000);
    const marker = async (): Promise<string | undefined> => (await call(full, 'getCurrentSyncMarkers')).at('stockId');
    const before = await marker();
    await call(
      full,
      'getStock',
      '<request><branchNumber>2</branchNumber><articleNumbers><articleNumbers>100001</articleNumbers></articleNumbers></request>',
    );
    expect(await marker()).toBe(before);
    await full.stop();
  });

  it('keeps what an update leaves out, adds what is new, and refuses what belongs elsewhere', async () => {
    const update = (articles: string): Promise<Reply> =>
      call(till, 'updateProduct', `<product><productNumber>1006</productNumber><articleList>${articles}</articleList></product>`);
    const changed = await update(
      '<article><articleNumber>1006</articleNumber><priceIncl>100</priceIncl></article><article><articleNumber>1106</articleNumber></article>',
    );
    expect([changed.at('result'), changed.at('existingArticleNumbers'), changed.at('newArticleNumbers')]).toEqual([
      'UPDATE-PRODUCT-RESULT-OK',
      '1006',
      '1106',
    ]);
    expect(till.articles().find(({ articleNumber }) => articleNumber === 1006)).toMatchObject({
      priceIncl: 100,
      seed: { description: 'Regenjas', barcode: '8710000010066' },
    });
    expect((await update('<article><articleNumber>1001</articleNumber></article>')).at('result')).toBe(
      'UPDATE-PRODUCT-RESULT-FAILED-ARTICLE-NUMBER-ALREADY-TAKEN',
    );
  });

  it('takes corrections all together or not at all', async () => {
    const correct = (numbers: readonly number[]): Promise<Reply> =>
      call(
        till,
        'saveStockCorrections',
        `<request><branchNumber>1</branchNumber><employeeNumber>101</employeeNumber><reference>W</reference><stockCorrectionList>${numbers.map((number) => `<correction><articleNumber>${number}</articleNumber><amount>77</amount></correction>`).join('')}</stockCorrectionList></request>`,
      );
    const refused = await correct([1006, 9001]);
    expect([refused.at('result'), refused.at('failedArticleNumber')]).toEqual(['SAVE-STOCK-CORRECTIONS-RESULT-NO-STOCK-ARTICLE', '9001']);
    expect((await correct([1006, 1006])).at('result')).toBe('SAVE-STOCK-CORRECTIONS-RESULT-DUPLICATE-ARTICLE');
    expect(till.stock(1006).free).toBe(5);
    expect((await correct([1006, 1007])).at('result')).toBe('SAVE-STOCK-CORRECTIONS-RESULT-OK');
    expect([till.stock(1006).free, till.stock(1007).free]).toEqual([77, 77]);
  });
});
