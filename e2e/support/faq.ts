/** What the chatbot of the tests knows: questions with their answers. */
export const FAQ: readonly (readonly [question: string, answer: string])[] = [
  [
    "How long does delivery take?",
    "Delivery takes three to five working days inside the country. Deliveries to the islands take two days longer. You get a tracking link by e-mail as soon as the parcel leaves our warehouse.",
  ],
  [
    "Can I return something?",
    "You can return any item within 30 days of delivery, as long as it has not been ridden. Put it back into its box and print the return label from your account. We refund the price within five days after the parcel has arrived.",
  ],
  [
    "How do I adjust the brakes of my bicycle?",
    "Turn the barrel adjuster at the brake lever one half turn at a time until the pads sit two millimetres from the rim. If the pads are worn to the line, replace them before you ride.",
  ],
  [
    "Which payment methods do you accept?",
    "We accept credit cards, bank transfer and payment by invoice. Payment by invoice is open to customers with two earlier orders.",
  ],
  [
    "How do I change my delivery address?",
    "Open your order in your account and choose a new delivery address while the order is being packed. After that the carrier can redirect the parcel with the tracking number.",
  ],
  [
    "How often does a bicycle chain need oil?",
    "Oil the chain every 200 kilometres, and after each ride in heavy rain. Wipe off what is left over, because dirt sticks to it.",
  ],
  [
    "What does the warranty cover?",
    "The warranty covers the frame for ten years and all other parts for two years. It does not cover wear of tyres, pads and cables. A cracked frame is a safety hazard: stop riding at once and bring it to the workshop.",
  ],
];
