/** Made up: what people, tools and applications send on an ordinary day. */
export const ORDINARY_TEXTS: readonly string[] = [
  `Hi, I ordered a pair of walking boots three weeks ago and they still have not arrived. The order number is 48213 and
the tracking page has said "in transit" since the second of May. Could you find out where the parcel is, and if it is
lost, send a new pair or refund me? I would rather have the boots before our holiday starts. Thank you, Anna Berger`,
  `Summarise the following meeting notes in five bullet points for people who were not there. Keep the decisions and the
open questions, leave out the small talk. The team agreed to move the release to the week of 17 June because the import of
old invoices is still too slow: 40,000 rows take eleven minutes. Two options are on the table. One is to batch the writes,
the other to drop the second index while loading. Nobody expects either to be risky, and both can be undone.`,
  `{"customer": {"id": "c-20931", "name": "Jonas Weber", "email": "jonas.weber@mailbox.example", "phone": "+49 30 901820",
"address": {"street": "Lindenstraße 14", "city": "Berlin", "postcode": "10969"}}, "orders": [{"id": 48213, "total": 129.9,
"currency": "EUR", "placedAt": "2024-05-02T09:14:07Z", "status": "in_transit"}, {"id": 47110, "total": 24.5, "currency":
"EUR", "placedAt": "2024-03-19T17:42:51Z", "status": "delivered"}]}`,
  `Write a function that takes a list of intervals and merges those that overlap. For example [[1, 3], [2, 6], [8, 10]]
becomes [[1, 6], [8, 10]].

def merge(intervals):
    merged = []
    for start, end in sorted(intervals):
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([start, end])
    return merged

Explain why sorting first makes one pass enough, and what the running time is.`,
  `The lighthouse keeper climbed the stairs as he did every evening, counting under his breath although he knew there were
one hundred and forty-two of them. Outside the wind had turned and brought the smell of rain. He lit the lamp, wiped the
glass and sat down to write in the log: visibility good, sea moderate, one ship at the horizon, heading north.`,
  `2024-05-31 16:23:27.779 INFO  request finished method=GET path=/api/v2/orders/48213 status=200 duration=38ms
2024-05-31 16:23:28.102 WARN  retrying upstream attempt=2 host=inventory.internal:8443 error="connect timed out"
2024-05-31 16:23:29.450 INFO  request finished method=POST path=/api/v2/refunds status=201 duration=112ms`,
];
