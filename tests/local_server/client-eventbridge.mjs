// Stands in for AWS's SDK, which the tests do not download: the same names, the same protocol (AWS JSON 1.1).
export class PutEventsCommand {
  constructor(input) {
    this.input = input;
  }
}

export class EventBridgeClient {
  async send(command) {
    const response = await fetch(process.env.AWS_ENDPOINT_URL, {
      method: "POST",
      headers: {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "AWSEvents.PutEvents",
      },
      body: JSON.stringify(command.input),
    });
    const answer = await response.json();
    if (!response.ok) {
      throw new Error(`${answer.__type}: ${answer.message}`);
    }
    return answer;
  }
}
