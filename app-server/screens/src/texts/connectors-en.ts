/** What went wrong in systems that not every shop connects, by the code that the server reports, in English. */
export const connectors = {
  lightspeed: {
    credentials:
      'The other system does not accept the API key. Look it up in the back office there under Settings, Developers, and enter key and secret again.',
    permission:
      'The API key lacks a permission in the other system ({area}: {right}). Give it in the back office there under Settings, Developers.',
    'permission-missing':
      'The API key lacks a permission in the other system ({area}: {right}). What needs it stands still; give it in the back office there.',
    language: 'The language {language} is not active in the web shop there. Choose one that is.',
    'token-refused': 'The other system refuses the personal token. Make a new one in the back office there under Setup, Personal tokens.',
    'bad-store-name': 'The name of the store may only have small letters, digits and hyphens. Enter the first part of its web address.',
    'store-unknown': 'The other system has no store {store}. Correct the name of the store.',
    declined: 'The other system was not connected: access was not given on its page. Press Connect to try again.',
    'code-refused': 'The other system did not accept what its page sent back, perhaps because it took too long. Press Connect once more.',
    'app-refused': 'The other system does not know this server. Whoever runs it has to check the client id and secret.',
    'not-registered': 'This server is not registered with the other system. Use a personal token, or ask whoever runs the server.',
    reconnect:
      'The other system no longer accepts our access to {store}. Press Connect once more; it goes on where it stopped, nothing is lost.',
    'reconnect-soon': 'The other system no longer renews our access, which ends on {until}. Press Connect once more before then.',
    forbidden:
      'The other system does not allow us this in {store}. Connect once more and agree to everything that is asked, or check the plan of the store.',
    'too-many-requests': 'The other system asks us to slow down.',
    'window-exhausted': 'The other system takes no more requests of this key for {minutes} min. It goes on by itself.',
    unreachable: 'The other system cannot answer at the moment (status {status}).',
    unavailable: 'The other system could not carry out a request (status {status}). It is tried again.',
    unreadable: 'The other system answered in a way that cannot be understood. It is asked again.',
    'unreadable-answer': 'An answer of the other system cannot be read ({call}). It is asked again.',
    'record-unreadable': 'Record {record} of the other system cannot be read because of its field {field}. Look at it there.',
    'record-gone': 'What was to be changed is no longer in the other system. It is looked for again.',
    refused: 'The other system refused the record: {reason}',
    'write-ignored': 'The other system accepted the new stock of {sku} and still shows another one. It is written again.',
    'plan-outdated': 'Something in the other system has changed since we looked. It is looked at again.',
    'bad-cursor': 'The place where we last stopped looking in the other system cannot be read. It is looked through again from the start.',
    'draft-unusable': 'Record {record} lacks what the other system needs. Complete it at its source.',
    'sku-missing': 'An article of “{product}” has no SKU, without which the other system cannot tell it again. Give it one.',
    'variant-code-twice': 'Two variants of “{product}” have the number {sku}. Give each its own.',
    'variant-elsewhere':
      'Article {sku} belongs to another product in the other system than its siblings. Put them together there, or part them at the source.',
    'variant-ambiguous': 'The other system has {count} variants that article {sku} may be. Give each its own article code there.',
    'variant-missing':
      'The other system has no variant with the article code {sku}. Give a variant this code, or bring the product there first.',
    'too-many-attributes': 'The variants differ in {count} things, the other system takes {most}. Create the product there by hand.',
    'product-missing': 'The other system has no product with the SKU {sku}. Create it there or translate the SKU in the table of articles.',
    'product-ambiguous': 'The other system has {count} products with the SKU {sku}. Give each its own.',
    'price-currency': 'The price of {sku} is in {currency}, but the other system counts in {till}. Give it a price in {till}.',
    currency: 'The other system does not count in {currency}. Use one currency on both sides, or enter it there by hand.',
    'tax-missing': 'The other system has no tax of {rate} %. Add it there or choose one in the table of VAT rates.',
    'tax-ambiguous': 'The other system has several taxes of {rate} %. Choose one in the table of VAT rates.',
    'amount-unusable': 'The other system states a stock of {value}; one cannot count with that. Correct it there.',
    'outlet-missing': 'The outlet that was chosen is no longer in the other system. Choose another one in the settings.',
    'register-missing': 'The register that was chosen is no longer in the other system. Choose another one in the settings.',
    'user-missing': 'The user that was chosen is no longer in the other system. Choose another one in the settings.',
    'no-register': 'The store has no register, so no sales can be booked. Create one there.',
    'no-user': 'The store shows no user under whom sales could be booked. Create one there.',
    'no-payment-type': 'The store has no payment type, so no paid orders can be booked. Create one there.',
    'no-tax': 'The store has no taxes. Create the VAT rates there.',
    'customer-ambiguous':
      'The other system has {count} customers with the e-mail address of this record. Choose which one is meant, or merge them there.',
    'customer-email-missing':
      'Customer {customer} has no e-mail address, without which the other system keeps nobody. Enter one where it comes from.',
    'orders-not-writable': 'The web shop there takes no orders from outside: only its own checkout makes them. Switch this off.',
    'order-not-yet': 'Order {order} cannot be read yet: the other system shows new orders after some seconds. It is looked at again.',
    'order-lines-missing': 'Order {order} has no lines yet: the other system saves them later. It is looked at again.',
    'total-unexplained':
      'The lines of order {order} differ from its total by {difference}. Nothing is sent; look at the order in the other system.',
    'amounts-differ':
      'The lines of order {order} do not add up to what was paid: {difference} are missing. Choose a product for rounding, or enter the order by hand.',
    'payments-differ': 'Order {order} counts as paid, but its payments are {difference} short. Correct the payments at the source.',
    'payment-method-missing': 'No payment type of the other system is chosen for “{method}”. Choose one in the table of payment methods.',
    'payment-method-unknown':
      'The payment type that was chosen for “{method}” is no longer in the other system. Correct the table of payment methods.',
    'stand-in-missing': 'No product is chosen for lines of the kind {kind}. Choose one in the settings.',
    'order-differs':
      'The other system already has order {order}, but with another amount: {till} instead of {shop}. Correct it there by hand.',
    'sale-unclear': 'The lines of sale {sale} do not add up to its total: {difference} are unexplained. Enter it by hand.',
  },
  mailchimp: {
    credentials: 'Mailchimp no longer accepts the key or the access. Connect Mailchimp again.',
    forbidden: 'Mailchimp does not allow this: the account is blocked, or its role or plan lacks it. Look at the account there.',
    declined: 'Access to the Mailchimp account was not given. Connect again and agree, or enter an API key.',
    'code-refused': 'Mailchimp did not accept the permission: it was too old or had been used. Connect again.',
    'too-many-requests': 'Mailchimp asks us to slow down.',
    unavailable: 'Mailchimp has a problem of its own (status {status}). It is tried again.',
    'unreadable-answer': 'An answer of Mailchimp cannot be read ({call}). It is asked again.',
    'results-unreadable': 'The results of a batch cannot be read. What Mailchimp did is looked at before anything is repeated.',
    'batch-unfinished': 'Mailchimp did not finish a batch in time. What it did is looked at before anything is repeated.',
    'webhook-refused':
      'Mailchimp does not take the address for its news; it must be reachable from outside. Changes are fetched every few minutes instead.',
    'audience-gone': 'Mailchimp no longer has the audience {audience}. Choose another one in the connection.',
    'audience-missing': 'The Mailchimp account has {count} audiences. Choose one in the connection; if there is none yet, create it there.',
    'double-opt-in': 'The audience asks new subscribers to confirm by mail. Only people whose consent is fresh are asked.',
    'marketing-permissions':
      'The audience has marketing permissions of its own. They are left as they are: nobody is written to because of an order.',
    'store-syncing': 'A first import is not finished. Until then Mailchimp sends no mails about carts and orders of this store.',
    'opt-in-mail-withheld':
      'The audience asks everybody to confirm by mail. This consent is not new, so nobody is asked; the person is added without a subscription.',
    'compliance-state':
      'Record {record}: this person unsubscribed, bounced or is under review in Mailchimp. Only the person can sign up again.',
    forgotten: 'Record {record}: this address was erased in Mailchimp for good. Only the person can sign up again.',
    'email-invalid': 'Record {record}: Mailchimp does not take its e-mail address. Correct it at its source.',
    'merge-field': 'Record {record}: Mailchimp does not take the value for {fields}. Correct it at its source, or choose another field.',
    refused: 'Record {record}: Mailchimp refused it ({fields}). Correct it at its source or in the settings.',
    'exists-already': 'Record {record} came into being in Mailchimp at the same moment. It is looked at again.',
    'record-gone': 'Record {record}: what was to be changed is no longer in Mailchimp. It is looked at again.',
    'variant-unknown': 'Record {record} has an article that the store in Mailchimp no longer knows. It is created there and tried again.',
    'currency-missing':
      'Product {record} has no price, so it is not clear into which store of Mailchimp it belongs. Give it a price at its source.',
    'order-differs': 'Order {record}: Mailchimp shows a total of {shown} where {sent} was sent. Compare both and correct it by hand.',
    'order-unreadable': 'Order {order} in Mailchimp lacks its date or an amount. Complete it where it comes from.',
    'cursor-unreadable': 'The place where we last stopped looking in Mailchimp cannot be read. It is looked through again from the start.',
    'draft-unusable': 'Record {record} lacks what Mailchimp needs. Complete it at its source.',
  },
};
