"""The simulated year: many people under one seed, through the real use cases, on the real database.

- `history` draws what people and the weather do; `acts/` says what each of these acts is.
- `world` lets it happen: one clock, the bot's processes (`process`, `hands`), Discord (`fake_discord`, `weather`).
- `model` knows what the rules give, written from the rules alone; `laws`, `channels` and `audit` compare.
- `shrinking` finds the shortest history that still fails, `telling` prints it.

Times are whole milliseconds since 1970, so that the model shares no arithmetic with the code it judges.
"""
