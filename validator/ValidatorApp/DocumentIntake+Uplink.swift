import DeviceProtocol
import SignedDocuments
import TapJournal
import TransitModel
import Uplink

extension DocumentIntake: DocumentReceiver {
    package func receive(_ bytes: [UInt8], as role: DocumentRole) async {
        await take(bytes, as: role)
    }

    /// Raises what people should know of the connection to the back office.
    package func note(_ report: UplinkReport) {
        if let alarm = Alarm(report) { log.raise(alarm) }
    }
}

extension Alarm {
    /// `nil` for a connection that works.
    init?(_ report: UplinkReport) {
        switch report {
        case .connected: return nil
        case .disconnected(let cause): self.init(code: "uplink_disconnected", detail: cause)
        case .turnedAway(let code):
            self.init(code: "uplink_turned_away", detail: "The gateway says \(code)")
        case .alarm(let alarm): self.init(alarm)
        case .journal(let failure): self.init(code: failure.code, detail: "\(failure)")
        }
    }

    private init(_ alarm: UplinkMachine.Alarm) {
        switch alarm {
        case .quarantined(let epoch, let reason):
            self.init(
                code: "uplink_quarantined", detail: "Epoch \(epoch) is held: \(reason.code)")
        case .serverAhead(let epoch):
            self.init(
                code: "uplink_server_ahead",
                detail: "The server holds more of epoch \(epoch) than this device")
        case .recordsGone(let epoch):
            self.init(
                code: "uplink_records_gone",
                detail: "The server asks for forgotten records of epoch \(epoch)")
        case .refused(let epoch):
            self.init(
                code: "uplink_batch_refused", detail: "A batch of epoch \(epoch) was refused")
        }
    }
}
